import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { guidelineAddress, guidelinesQuery, type GuidelineSummary, nameOf } from '../calls/guidelines.js';
import { useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { Chip } from '../parts/chip.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { Link } from '../routing/link.js';
import { instantText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { FileEditor } from './file-editor.js';
import { fileWords } from './file-words.js';
import { guidelineAddressOf } from './guideline-address.js';
import './file-view.css';

const STORERS = ['head_nurse', 'hospital_admin'];

/** The hospital's own protocols: stored versions, and a new one with what is wrong in it. */
export default function FileView({ inForce }: { readonly inForce: string }) {
  const words = useWords(fileWords);
  const { roles } = useMe();
  const { data, error, refetch } = useQuery(guidelinesQuery);
  const own = (data?.items ?? []).filter(({ origin }) => origin === 'hospital').reverse();
  return (
    <div className="guideline-body file-view">
      <p>{words.about}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      {!data && error === null && <Busy text={words.loading} />}
      {data && (
        <section>
          <h2>{words.stored}</h2>
          {own.length === 0 ? (
            <EmptyState title={words.none} />
          ) : (
            <StoredVersions versions={own} inForce={inForce} />
          )}
        </section>
      )}
      {data &&
        (roles.some((role) => STORERS.includes(role)) ? (
          <FileEditor guidelines={data.items} />
        ) : (
          <Notice title={words.readOnly} />
        ))}
    </div>
  );
}

function StoredVersions({
  versions,
  inForce,
}: {
  readonly versions: readonly GuidelineSummary[];
  readonly inForce: string;
}) {
  const words = useWords(fileWords);
  const language = useLanguage();
  const { timeZone } = useMe().hospital;
  return (
    <div className="scrolled" tabIndex={0} role="group" aria-label={words.stored}>
      <table aria-label={words.stored}>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.text}</th>
            <th scope="col">{words.digest}</th>
            <th scope="col">{words.uploadedAt}</th>
            <th scope="col">{words.file}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((one) => (
            <tr key={nameOf(one)}>
              <th scope="row">
                {nameOf(one)} {nameOf(one) === inForce && <Chip tone="done">{words.inForce}</Chip>}
              </th>
              <td>{one.title[language]}</td>
              <td>
                <code title={one.digest}>{one.digest?.slice(0, 16)}…</code>
              </td>
              <td>{one.uploadedAt !== undefined && instantText(one.uploadedAt, timeZone)}</td>
              <td>
                <Link to={guidelineAddressOf({ tab: 'rules', guideline: nameOf(one) })}>{words.read}</Link> ·{' '}
                <a href={guidelineAddress(nameOf(one))} download={`${one.id}-${one.version}.json`}>
                  {words.download}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
