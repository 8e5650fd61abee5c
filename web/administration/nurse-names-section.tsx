import { useQuery } from '@tanstack/react-query';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { assignNurseName, type NurseName, nurseNamesQuery, peopleQuery } from '../calls/people.js';
import { colleaguesQuery } from '../calls/ward.js';
import { Busy } from '../parts/busy.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import type { Option } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { peopleWords } from './people-words.js';

/** Whom the names of nurses in imported files mean. */
export default function NurseNamesSection() {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const me = useMe();
  const { data, error, refetch } = useQuery(nurseNamesQuery);
  const people = usePeopleOptions();
  const assigning = useChange(
    ({ name, personId }: { readonly name: string; readonly personId: string | null }) =>
      assignNurseName(name, personId, me.name),
    { reads: [['nurse-names'], ['lists']], done: words.assigned },
  );
  const mayChange = me.roles.some((role) => role === 'head_nurse' || role === 'hospital_admin');
  return (
    <>
      <SectionHead title={frame['nurse-names']} intro={words.namesIntro} />
      <Failure error={error ?? assigning.error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data?.length === 0 && <EmptyState title={words.namesNone}>{words.namesNoneHelp}</EmptyState>}
      {data !== undefined && data.length > 0 && (
        <DataTable
          label={frame['nurse-names']}
          head={[words.importedName, words.patients, words.unassigned, words.person]}
        >
          {data.map((name) => (
            <NameRow
              key={name.name}
              name={name}
              people={people}
              mayChange={mayChange}
              onPerson={(personId) => assigning.mutate({ name: name.name, personId })}
            />
          ))}
        </DataTable>
      )}
    </>
  );
}

/** Administrators see all people; head nurses those who work in the ward. */
function usePeopleOptions(): readonly Option[] {
  const isAdministrator = useMe().roles.includes('hospital_admin');
  const people = useQuery({ ...peopleQuery, enabled: isAdministrator }).data;
  const colleagues = useQuery({ ...colleaguesQuery, enabled: !isAdministrator }).data?.items;
  return (
    people
      ?.filter(({ state }) => state === 'active')
      .map(({ id, name, login }) => ({ value: id, text: `${name}（${login}）` })) ??
    colleagues?.map(({ person }) => ({ value: person.id, text: person.name })) ??
    []
  );
}

function NameRow({
  name: { name, patients, unassigned, personId, personName, author, decidedAt },
  people,
  mayChange,
  onPerson,
}: {
  readonly name: NurseName;
  readonly people: readonly Option[];
  readonly mayChange: boolean;
  readonly onPerson: (personId: string | null) => void;
}) {
  const words = useWords(peopleWords);
  const instant = useInstant();
  const own: readonly Option[] =
    personId !== null && !people.some(({ value }) => value === personId)
      ? [{ value: personId, text: personName ?? '' }]
      : [];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{patients}</td>
      <td>{unassigned > 0 ? <Chip tone="warning">{unassigned}</Chip> : 0}</td>
      <td>
        {mayChange ? (
          <select
            aria-label={`${words.person} · ${name}`}
            value={personId ?? ''}
            onChange={({ target }) => onPerson(target.value === '' ? null : target.value)}
          >
            {[{ value: '', text: words.byItself }, ...own, ...people].map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        ) : (
          (personName ?? words.byItself)
        )}
        {author !== null && decidedAt !== null && (
          <span className="quiet small"> {words.decidedBy(author, instant(decidedAt))}</span>
        )}
      </td>
    </tr>
  );
}
