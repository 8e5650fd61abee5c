import { useQuery } from '@tanstack/react-query';
import { endOwnSession, ownSessionsQuery } from '../calls/account.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { useWords } from '../words/use-words.js';
import { accountWords } from './account-words.js';

/** Where the person is signed in; other devices can be signed out. */
export function OwnSessions() {
  const words = useWords(accountWords);
  const instant = useInstant();
  const { data, error } = useQuery(ownSessionsQuery);
  const ending = useChange(endOwnSession, { reads: [['me', 'sessions']], done: words.ended });
  if (data === undefined) return error ? <Failure error={error} /> : <Busy text={words.loading} />;
  return (
    <>
      <p className="quiet small">{words.sessionsHelp}</p>
      <Failure error={ending.error} />
      <DataTable label={words.sessions} head={[words.device, words.address, words.since, words.seen, '']}>
        {data.map(({ id, device, address, startedAt, lastSeenAt, current }) => (
          <tr key={id}>
            <td>
              {device} {current && <Chip tone="active">{words.thisSession}</Chip>}
            </td>
            <td>{address}</td>
            <td>{instant(startedAt)}</td>
            <td>{instant(lastSeenAt)}</td>
            <td>{!current && <Button onClick={() => ending.mutate(id)}>{words.end}</Button>}</td>
          </tr>
        ))}
      </DataTable>
    </>
  );
}
