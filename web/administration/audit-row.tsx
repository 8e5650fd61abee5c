import type { AuditEvent } from '../calls/audit.js';
import { useInstant } from '../calls/instants.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { textOf } from '../words/dictionary.js';
import { useJoined } from '../words/lists.js';
import { roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { auditWords } from './audit-words.js';

const MOST_SHOWN = 20;

/** One entry of the trail; opened, it shows whose data was concerned, from where, and for what. */
export function AuditRow({
  entry,
  who,
  isOpen,
  onOpen,
  onPatient,
}: {
  readonly entry: AuditEvent;
  readonly who: string;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onPatient: (id: string) => void;
}) {
  const words = useWords(auditWords);
  const roleNames = useWords(roleWords);
  const joined = useJoined();
  const instant = useInstant();
  const { id, recordedAt, call, outcome, status, roles, patients } = entry;
  const isRead = call.startsWith('GET ');
  return (
    <>
      <tr>
        <td>{instant(recordedAt)}</td>
        <th scope="row">
          {who}
          <div className="quiet small">{joined(roles.map((role) => textOf(roleNames, role)))}</div>
        </th>
        <td>
          <Chip tone={isRead ? 'plain' : 'active'}>{isRead ? words.reads : words.changes}</Chip>{' '}
          <code className="small">{call}</code>
        </td>
        <td>
          {outcome === 'refused' ? (
            <Chip tone="late">
              {words.outcomes.refused} {status ?? ''}
            </Chip>
          ) : (
            words.outcomes.done
          )}
        </td>
        <td>{patients.length}</td>
        <td>
          <Button aria-expanded={isOpen} aria-controls={`entry-${id}`} onClick={onOpen}>
            {isOpen ? words.hide : words.details}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr id={`entry-${id}`}>
          <td colSpan={6}>
            <EntryDetails entry={entry} onPatient={onPatient} />
          </td>
        </tr>
      )}
    </>
  );
}

function EntryDetails({
  entry: { address, purpose, requestId, patients, detail },
  onPatient,
}: {
  readonly entry: AuditEvent;
  readonly onPatient: (id: string) => void;
}) {
  const words = useWords(auditWords);
  return (
    <div className="fields small">
      <p>
        {words.address}: {address ?? '–'} · {words.purpose}: {textOf(words.purposes, purpose)} ·{' '}
        {words.request}: {requestId ?? '–'}
      </p>
      {patients.length > 0 && (
        <ul>
          {patients.slice(0, MOST_SHOWN).map((id) => (
            <li key={id}>
              <code>{id}</code>{' '}
              <Button kind="quiet" onClick={() => onPatient(id)}>
                {words.onlyThis}
              </Button>
            </li>
          ))}
          {patients.length > MOST_SHOWN && <li>{words.andMore(patients.length)}</li>}
        </ul>
      )}
      {detail !== null && <code>{JSON.stringify(detail)}</code>}
    </div>
  );
}
