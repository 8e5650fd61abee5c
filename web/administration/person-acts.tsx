import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useInstant } from '../calls/instants.js';
import {
  changePerson,
  endSession,
  endSessions,
  type Person,
  resetPerson,
  sessionsQuery,
} from '../calls/people.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SecretOnce } from '../parts/secret-once.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { peopleWords } from './people-words.js';

interface ActProps {
  readonly person: Person;
  readonly onClose: () => void;
}

/** The code by which a person chooses a password, shown this one time. */
export function CodeDialog({
  name,
  setupCode,
  onClose,
}: {
  readonly name: string;
  readonly setupCode: string;
  readonly onClose: () => void;
}) {
  const words = useWords(peopleWords);
  return (
    <Dialog title={words.codeTitle(name)} closeLabel={words.codeKept} onClose={onClose}>
      <SecretOnce
        label={words.codeLabel}
        secret={setupCode}
        selectText={words.select}
        help={words.codeHelp}
      />
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {words.codeKept}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

type Also = 'clearTotp' | 'clearIdentities';

export function ResetDialog({
  person,
  onCode,
  onClose,
}: ActProps & { readonly onCode: (name: string, setupCode: string) => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const [also, setAlso] = useState<readonly string[]>([]);
  const has = (what: Also): boolean => also.includes(what);
  const resetting = useChange(
    () => resetPerson(person.id, { clearTotp: has('clearTotp'), clearIdentities: has('clearIdentities') }),
    { reads: [['people']], onDone: ({ setupCode }) => onCode(person.name, setupCode) },
  );
  return (
    <FormDialog
      title={`${words.resetTitle} · ${person.name}`}
      closeLabel={frame.cancel}
      submitText={words.resetNow}
      isRisky
      error={resetting.error}
      isSending={resetting.isPending}
      onClose={onClose}
      onSubmit={() => resetting.mutate(undefined)}
    >
      <p>{words.resetHelp}</p>
      <CheckList
        label={words.resetOptions}
        entries={[
          { id: 'clearTotp', text: words.clearTotp },
          { id: 'clearIdentities', text: words.clearIdentities },
        ]}
        chosen={also}
        onChosen={setAlso}
      />
    </FormDialog>
  );
}

export function DisableDialog({ person, onClose }: ActProps) {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const disabling = useChange(() => changePerson(person.id, { state: 'disabled' }), {
    ...{ reads: [['people']], done: words.disabledDone(person.name), onDone: onClose },
  });
  return (
    <FormDialog
      title={`${words.disableTitle} · ${person.name}`}
      closeLabel={frame.cancel}
      submitText={words.disable}
      isRisky
      error={disabling.error}
      isSending={disabling.isPending}
      onClose={onClose}
      onSubmit={() => disabling.mutate(undefined)}
    >
      <p>{words.disableHelp}</p>
    </FormDialog>
  );
}

/** Where a person is signed in; each session, or all of them, can be ended. */
export function SessionsDialog({ person, onClose }: ActProps) {
  const frame = useWords(administrationWords);
  const words = useWords(peopleWords);
  const instant = useInstant();
  const { data, error } = useQuery(sessionsQuery(person.id));
  const reads = [['people', person.id, 'sessions']];
  const ending = useChange((id: string) => endSession(person.id, id), { reads, done: words.ended });
  const endingAll = useChange(() => endSessions(person.id), { reads, done: words.ended });
  return (
    <Dialog title={words.sessionsTitle(person.name)} closeLabel={frame.close} wide onClose={onClose}>
      <Failure error={error ?? ending.error ?? endingAll.error} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data?.length === 0 && <p className="quiet">{words.noSessions}</p>}
      {data !== undefined && data.length > 0 && (
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
      )}
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {frame.close}
        </Button>
        {data !== undefined && data.length > 1 && (
          <Button kind="risky" busy={endingAll.isPending} onClick={() => endingAll.mutate(undefined)}>
            {words.endAll}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
