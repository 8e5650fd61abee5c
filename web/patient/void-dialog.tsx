import { type SyntheticEvent, useState } from 'react';
import { errorOf } from '../calls/problem.js';
import { voidEvent } from '../calls/record.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { courseWords } from './course-words.js';
import { PlanDiffPreview } from '../items/plan-diff-preview.js';
import { useSaving } from '../acts/saving.js';

/** Takes a wrong event back, after it has shown how the plan changes without it. */
export default function VoidDialog({
  patientId,
  eventId,
  name,
  onClose,
}: {
  readonly patientId: string;
  readonly eventId: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const words = useWords(courseWords);
  const [reason, setReason] = useState('');
  const voiding = useSaving(patientId, {
    send: (why: string) => voidEvent(patientId, eventId, why),
    textOf: () => words.voidedDone,
    onSaved: onClose,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    voiding.mutate(reason.trim());
  };
  return (
    <Dialog title={words.voidOf(name)} closeLabel={words.close} onClose={onClose} wide>
      <form className="fields" onSubmit={submit}>
        <TextField
          label={words.voidReason}
          help={words.voidReasonHelp}
          required
          autoFocus
          maxLength={500}
          value={reason}
          error={errorOf(voiding.error, 'reason')}
          onValue={setReason}
        />
        <PlanDiffPreview patientId={patientId} request={{ void: [eventId] }} saveError={voiding.error} />
        <DialogActions>
          <Button kind="risky" type="submit" disabled={reason.trim() === ''} busy={voiding.isPending}>
            {words.void}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
