import { useInfiniteQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { type Adherence, type Behind, behindQuery, type Measure } from '../calls/statistics.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Panel } from '../parts/panel.js';
import { useActivityName } from '../items/item-facts.js';
import { writeAddress } from '../routing/address.js';
import { Link } from '../routing/link.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { NO_GROUP } from './behind.js';
import type { StatisticsAddress } from './statistics-address.js';
import { statisticsWords } from './statistics-words.js';
import './behind-panel.css';

type Opened = StatisticsAddress & { readonly measure: Measure };

/** The patients behind one count, as they are recorded now. */
export function BehindPanel({
  address,
  figures,
  onClose,
}: {
  readonly address: Opened;
  readonly figures: Adherence | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(statisticsWords);
  const { from, to, by, measure, group } = address;
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    behindQuery({ from, to, measure, ...(group !== undefined && { by, group }) }),
  );
  const rows = data?.pages.flatMap(({ items }) => items);
  const toWorklist = worklistOf(address);
  const label = figures?.groups.find(({ key }) => (key ?? NO_GROUP) === group)?.label ?? group;
  const groupText = group === NO_GROUP ? words.noGroup : label;
  return (
    <Panel
      title={words.behind(words.measures[measure] ?? measure, groupText ?? undefined)}
      closeLabel={words.close}
      onClose={onClose}
    >
      <p className="quiet small">{words.behindNow}</p>
      {toWorklist !== undefined && (
        <p>
          <Link to={toWorklist}>{words.toWorklist}</Link>
        </p>
      )}
      <Failure error={error} onRetry={() => void refetch()} />
      {!rows && error === null && <Busy text={words.loading} />}
      {rows?.length === 0 && <p role="status">{words.none}</p>}
      <ul className="behind-rows">
        {rows?.map((row) => (
          <BehindRow key={row.id} row={row} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </Panel>
  );
}

function BehindRow({ row: { patient, date, activity, reasonText, completedOn } }: { readonly row: Behind }) {
  const words = useWords(statisticsWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  return (
    <li>
      <Link to={`/patients/${patient.id}`}>{patient.mrn}</Link>
      <span>{activity !== null && nameOf(activity)}</span>
      <time dateTime={date}>{dayText(date, language)}</time>
      <span className="quiet small">
        {completedOn === null ? reasonText : words.doneOn(dayText(completedOn, language))}
      </span>
    </li>
  );
}

/** The same items in the worklist, where they can be acted upon; undefined where it has no such list. */
function worklistOf({ measure, by, group, from, to }: Opened): string | undefined {
  if (measure !== 'overdue' || group === NO_GROUP) return undefined;
  const filters = { list: 'overdue', from, to };
  if (group === undefined) return writeAddress('/worklist', filters);
  if (by === 'activity' || by === 'department') return writeAddress('/worklist', { ...filters, [by]: group });
  // A nurse without an account is no owner.
  if (by === 'nurse' && !group.startsWith('name:'))
    return writeAddress('/worklist', { ...filters, owner: group });
  return undefined;
}
