import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { departmentsQuery } from '../calls/people.js';
import { Busy } from '../parts/busy.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionHead } from '../parts/section-page.js';
import { writeAddress } from '../routing/address.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { peopleWords } from './people-words.js';

/** The departments of patients and of rights, with the slips in their spelling. */
export default function DepartmentsSection() {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const { data, error, refetch } = useQuery(departmentsQuery);
  return (
    <>
      <SectionHead title={frame.departments} intro={words.departmentsIntro} />
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data?.length === 0 && (
        <EmptyState title={words.departmentsNone}>{words.departmentsNoneHelp}</EmptyState>
      )}
      {data !== undefined && data.length > 0 && (
        <DataTable
          label={frame.departments}
          head={[words.department, words.patients, words.limitedPeople, '']}
        >
          {data.map(({ name, patients, people }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{patients}</td>
              <td>{people}</td>
              <td>
                {patients === 0 ? (
                  <Chip tone="warning">{words.noPatients}</Chip>
                ) : (
                  <Link to={writeAddress('/worklist', { list: 'overdue', department: name })}>
                    {words.patientsOf}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </>
  );
}
