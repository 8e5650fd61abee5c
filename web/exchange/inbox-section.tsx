import { useInfiniteQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { type InboxEntry, type InboxFilter, inboxQuery } from '../calls/inbox.js';
import { useInstant } from '../calls/instants.js';
import { useMayCare } from '../calls/me.js';
import { useActivityName } from '../items/item-facts.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip, RemovableChip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SelectField } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { goTo, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { entryAddress, INBOX_STATES, inboxAddress, readInboxFilter } from './exchange-address.js';
import { InboxEntryView } from './inbox-entry.js';
import { STATE_TONES } from './inbox-tones.js';
import { inboxWords } from './inbox-words.js';
import './exchange.css';

/** What systems of the hospital sent and a person has to decide; one entry, or the list. */
export default function InboxSection({ id }: { readonly id: string }) {
  return id === '' ? <InboxList /> : <InboxEntryView key={id} id={id} />;
}

function InboxList() {
  const words = useWords(inboxWords);
  const filter = readInboxFilter(usePlace().parameters);
  const found = useInfiniteQuery(inboxQuery(filter));
  const entries = found.data?.pages.flatMap(({ items }) => items);
  const isFirst = filter.state === 'open' && filter.kind === undefined && filter.patientId === undefined;
  return (
    <>
      <SectionHead title={words.title} intro={words.intro} />
      <Filters filter={filter} />
      <Failure error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Busy text={words.loading} />}
      {entries?.length === 0 && (
        <EmptyState title={isFirst ? words.none : words.noneFiltered}>
          {isFirst && <p>{words.noneHelp}</p>}
        </EmptyState>
      )}
      {entries !== undefined && entries.length > 0 && (
        <DataTable
          label={words.title}
          head={[words.received, words.patient, words.what, words.kind, words.state, words.closedBy, '']}
        >
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </DataTable>
      )}
      {found.hasNextPage && (
        <p>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.more}
          </Button>
        </p>
      )}
    </>
  );
}

function Filters({ filter }: { readonly filter: InboxFilter }) {
  const words = useWords(inboxWords);
  const change = (part: Partial<InboxFilter>): void =>
    goTo(inboxAddress({ ...filter, ...part }), { replace: true });
  return (
    <div className="exchange-filters not-printed">
      <SelectField
        label={words.state}
        value={filter.state ?? ''}
        options={[
          ...INBOX_STATES.map((state) => ({ value: state, text: words.states[state] })),
          { value: '', text: words.anyState },
        ]}
        onValue={(value) => change({ state: INBOX_STATES.find((state) => state === value) })}
      />
      <SelectField
        label={words.kind}
        value={filter.kind ?? ''}
        options={[
          { value: '', text: words.anyKind },
          { value: 'hl7', text: words.kinds.hl7 },
          { value: 'fhir', text: words.kinds.fhir },
        ]}
        onValue={(value) => change({ kind: value === '' ? undefined : (value as InboxEntry['kind']) })}
      />
      {filter.patientId !== undefined && (
        <RemovableChip removeLabel={words.showAll} onRemove={() => change({ patientId: undefined })}>
          {words.onlyPatient}
        </RemovableChip>
      )}
    </div>
  );
}

function EntryRow({ entry }: { readonly entry: InboxEntry }) {
  const words = useWords(inboxWords);
  const instant = useInstant();
  const mayCare = useMayCare();
  const nameOf = useActivityName();
  const { id, kind, subject, activity, state, receivedAt, patient, closedBy, closedAt } = entry;
  return (
    <tr>
      <td>{instant(receivedAt)}</td>
      <th scope="row">
        {patient.name ?? words.unnamed} <span className="quiet small">{patient.mrn}</span>
      </th>
      <td>
        {words.subjects[subject]}
        {subject !== 'event' && (
          <span className="quiet"> · {activity === null ? words.unknownActivity : nameOf(activity)}</span>
        )}
      </td>
      <td>{words.kinds[kind]}</td>
      <td>
        <Chip tone={STATE_TONES[state]}>{words.states[state]}</Chip>
      </td>
      <td className="small">
        {closedBy} {closedAt !== null && <span className="quiet">{instant(closedAt)}</span>}
      </td>
      <td>
        {mayCare ? (
          <Link to={entryAddress(id)}>
            {state === 'open' ? words.open : words.read}
            <span className="spoken"> {patient.mrn}</span>
          </Link>
        ) : (
          <span className="quiet small">{words.onlyCare}</span>
        )}
      </td>
    </tr>
  );
}
