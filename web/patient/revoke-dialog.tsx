import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { errorOf } from '../calls/problem.js';
import { type Decision, revokeDecision } from '../calls/record.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { agreedWords } from './agreed-words.js';
import { useSaving } from '../acts/saving.js';

/** Revokes a decision; the plan is again as without it. */
export default function RevokeDialog({
  patientId,
  decision,
  onClose,
}: {
  readonly patientId: string;
  readonly decision: Decision;
  readonly onClose: () => void;
}) {
  const words = useWords(agreedWords);
  const [reason, setReason] = useState('');
  const revoking = useSaving(patientId, {
    send: (why: string) => revokeDecision(patientId, decision.id, why),
    textOf: () => words.revokedDone,
    onSaved: onClose,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    revoking.mutate(reason.trim());
  };
  const title = words.revokeOf(textOf(words.kinds, decision.kind));
  return (
    <Dialog title={title} closeLabel={words.close} onClose={onClose}>
      <form className="fields" onSubmit={submit}>
        <TextField
          label={words.revokeReason}
          required
          autoFocus
          maxLength={500}
          value={reason}
          error={errorOf(revoking.error, 'reason')}
          onValue={setReason}
        />
        <Failure error={revoking.error} />
        <DialogActions>
          <Button kind="risky" type="submit" disabled={reason.trim() === ''} busy={revoking.isPending}>
            {words.revoke}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
