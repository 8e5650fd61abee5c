import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { type ImportRun, importRunsQuery, rejectedRowsAddress } from '../calls/imports.js';
import { useMe } from '../calls/me.js';
import { importingWords } from '../importing/importing-words.js';
import { RunProgress } from '../importing/running-import.js';
import { Chip, type Tone } from '../parts/chip.js';
import { instantText } from '../words/dates.js';
import { useWords } from '../words/use-words.js';

const TONES: Readonly<Record<ImportRun['state'], Tone>> = {
  ...{ running: 'active', written: 'done', checked: 'plain' },
  ...{ refused: 'warning', failed: 'late', interrupted: 'late' },
};

/** What was imported in the last days. A running import is followed, also after its page was left. */
export function EarlierImports() {
  const words = useWords(importingWords);
  const { data, error } = useQuery(importRunsQuery);
  // A preview is a step of the wizard, and no event that a ward remembers.
  const runs = data?.items.filter(({ state }) => state !== 'checked') ?? [];
  return (
    <section className="earlier-imports">
      <h2>{words.runs}</h2>
      <Failure error={error} />
      {data && runs.length === 0 && <p className="quiet">{words.noRuns}</p>}
      {runs.length > 0 && (
        <div className="table-frame" tabIndex={0} role="group" aria-label={words.runs}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{words.startedAt}</th>
                <th scope="col">{words.startedBy}</th>
                <th scope="col">{words.kind}</th>
                <th scope="col">{words.amount}</th>
                <th scope="col">{words.state}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function RunRow({ run }: { readonly run: ImportRun }) {
  const words = useWords(importingWords);
  const { timeZone } = useMe().hospital;
  return (
    <tr>
      <td>{instantText(run.startedAt, timeZone)}</td>
      <td>{run.startedBy}</td>
      <td>{words.kinds[run.kind]}</td>
      <td>{run.phase === 'planning' ? words.patientCount(run.total) : words.rowCount(run.total)}</td>
      <td>
        {run.state === 'running' ? (
          <RunProgress run={run} />
        ) : (
          <Chip tone={TONES[run.state]}>{words.states[run.state]}</Chip>
        )}{' '}
        {run.hasRejectedRows && (
          <a href={rejectedRowsAddress(run.id)} download>
            {words.rejectedFile}
          </a>
        )}
      </td>
    </tr>
  );
}
