import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import {
  approveIdentity,
  changeEndpoint,
  type Endpoint,
  recoverSince,
  removeEndpoint,
  rotateSecret,
  systemsKey,
} from '../calls/systems.js';
import { TextArea, TextField } from '../parts/field.js';
import { goTo } from '../routing/place.js';
import { instantAt } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { SecretDialog } from './secret-dialog.js';
import { systemsWords } from './systems-words.js';

interface ActProps {
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
}

const reads = [systemsKey];

export function PauseDialog({ endpoint: { id }, onClose }: ActProps) {
  const words = useWords(systemsWords);
  const pausing = useChange(() => changeEndpoint(id, { paused: true }), {
    ...{ reads, done: words.paused, onDone: onClose },
  });
  return (
    <FormDialog
      title={words.pauseTitle}
      closeLabel={words.cancel}
      submitText={words.pause}
      error={pausing.error}
      isSending={pausing.isPending}
      onClose={onClose}
      onSubmit={() => pausing.mutate(undefined)}
    >
      <p>{words.pauseHelp}</p>
    </FormDialog>
  );
}

/** Makes another secret and shows it once; the previous one signs beside it for a day. */
export function RotateDialog({ endpoint: { id }, onClose }: ActProps) {
  const words = useWords(systemsWords);
  const rotating = useChange(() => rotateSecret(id), {
    reads,
    onDone: ({ secret, payloadKey }) => {
      if (secret === undefined && payloadKey === undefined) onClose();
    },
  });
  if (rotating.data) return <SecretDialog {...rotating.data} onClose={onClose} />;
  return (
    <FormDialog
      title={words.rotateTitle}
      closeLabel={words.cancel}
      submitText={words.rotateNow}
      error={rotating.error}
      isSending={rotating.isPending}
      onClose={onClose}
      onSubmit={() => rotating.mutate(undefined)}
    >
      <p>{words.rotateHelp}</p>
    </FormDialog>
  );
}

/** Sends again what the receiver missed, such as while it was restored from a backup. */
export function RecoverDialog({ endpoint: { id }, onClose }: ActProps) {
  const words = useWords(systemsWords);
  const { today, timeZone } = useMe().hospital;
  const [since, setSince] = useState(`${today}T00:00`);
  const recovering = useChange(() => recoverSince(id, instantAt(since, timeZone)), {
    reads,
    done: ({ deliveries }) => words.recovered(deliveries),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={words.recoverTitle}
      closeLabel={words.cancel}
      submitText={words.recover}
      error={recovering.error}
      isSending={recovering.isPending}
      onClose={onClose}
      onSubmit={() => recovering.mutate(undefined)}
    >
      <p>{words.recoverHelp}</p>
      <TextField
        label={words.recoverSince}
        type="datetime-local"
        required
        value={since}
        error={errorOf(recovering.error, 'since')}
        onValue={setSince}
      />
    </FormDialog>
  );
}

/** Whether messages say who patients are: an administrator decides, with a reason. */
export function ApprovalDialog({ endpoint: { id, identityApproval }, onClose }: ActProps) {
  const words = useWords(systemsWords);
  const { name } = useMe();
  const [reason, setReason] = useState('');
  const approved = identityApproval === null;
  const deciding = useChange(() => approveIdentity(id, { approved, author: name, reason: reason.trim() }), {
    ...{ reads, done: words.saved, onDone: onClose },
  });
  return (
    <FormDialog
      title={words.approveTitle}
      closeLabel={words.cancel}
      submitText={approved ? words.approve : words.withdraw}
      error={deciding.error}
      isSending={deciding.isPending}
      onClose={onClose}
      onSubmit={() => deciding.mutate(undefined)}
    >
      <p>{words.approveHelp}</p>
      <TextArea
        label={words.reason}
        required
        maxLength={500}
        value={reason}
        error={errorOf(deciding.error, 'reason')}
        onValue={setReason}
      />
    </FormDialog>
  );
}

export function RemoveDialog({ endpoint: { id, url }, onClose }: ActProps) {
  const words = useWords(systemsWords);
  const removing = useChange(() => removeEndpoint(id), {
    ...{ reads, done: words.removed, onDone: () => goTo('/systems') },
  });
  return (
    <FormDialog
      title={words.removeTitle}
      closeLabel={words.cancel}
      submitText={words.remove}
      isRisky
      error={removing.error}
      isSending={removing.isPending}
      onClose={onClose}
      onSubmit={() => removing.mutate(undefined)}
    >
      <p>
        <strong>{url}</strong>
      </p>
      <p>{words.removeHelp}</p>
    </FormDialog>
  );
}
