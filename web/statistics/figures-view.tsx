import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { type Adherence, adherenceQuery } from '../calls/statistics.js';
import { Busy } from '../parts/busy.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { instantText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { NO_GROUP, type OpenBehind } from './behind.js';
import { BehindPanel } from './behind-panel.js';
import { FigureCards } from './figure-cards.js';
import { GroupTable } from './group-table.js';
import { Outcomes } from './outcomes.js';
import { comparedPeriod } from './periods.js';
import { Published, Reasons } from './reasons.js';
import type { StatisticsAddress } from './statistics-address.js';
import { statisticsWords } from './statistics-words.js';
import './figures-view.css';

/** The figures of one period, beside the patients behind one of them. */
export function FiguresView({
  address,
  go,
}: {
  readonly address: StatisticsAddress;
  readonly go: (change: Partial<StatisticsAddress>) => void;
}) {
  const words = useWords(statisticsWords);
  const language = useLanguage();
  const { from, to, by, compare, measure } = address;
  const period = { from, to };
  const { data, error, refetch } = useQuery(adherenceQuery(period, by, language));
  const before = compare === 'none' ? undefined : comparedPeriod(period, compare);
  const compared = useQuery({
    ...adherenceQuery(before ?? period, by, language),
    enabled: before !== undefined,
  });
  const open: OpenBehind = (asked, group) =>
    go({ measure: asked, group: group === undefined ? undefined : (group ?? NO_GROUP) });
  const earlier = before === undefined ? undefined : compared.data;
  return (
    <div className="statistics-columns">
      <div className="statistics-body">
        <Failure error={error ?? compared.error} onRetry={() => void refetch()} />
        {!data && error === null && <Busy text={words.loading} />}
        {data && <FiguresOf {...{ data, open }} before={earlier} />}
      </div>
      {measure !== undefined && (
        <BehindPanel
          address={{ ...address, measure }}
          figures={data}
          onClose={() => go({ measure: undefined, group: undefined })}
        />
      )}
    </div>
  );
}

function FiguresOf({
  data,
  before,
  open,
}: {
  readonly data: Adherence;
  readonly before: Adherence | undefined;
  readonly open: OpenBehind;
}) {
  const words = useWords(statisticsWords);
  const { name, timeZone } = useMe().hospital;
  const at = instantText(data.computedAt, timeZone);
  return (
    <>
      <p>
        <strong className="statistics-hospital">{name} · </strong>
        {words.periodText(data.from, data.to)}
        {before && <span className="quiet"> ↔ {words.periodText(before.from, before.to)}</span>}
        {data.computed === 'now' && <span className="quiet"> · {words.now(at)}</span>}
      </p>
      {data.computed === 'nightly' && <Notice title={words.nightly(at)} />}
      <FigureCards figures={data.total} gauge={data.gauge} before={before?.total} open={open} />
      {data.total.due === 0 ? (
        <EmptyState title={words.noItems}>
          <p>{words.noItemsHelp}</p>
        </EmptyState>
      ) : (
        <>
          <Outcomes figures={data.total} open={open} />
          <GroupTable {...{ data, before, open }} />
          <Reasons figures={data.total} />
        </>
      )}
      <Published published={data.published} />
    </>
  );
}
