import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useToday } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { type NewConsent, recordConsent } from '../calls/record.js';
import { DayField } from '../items/day-field.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { agreedWords } from './agreed-words.js';
import { useSaving } from '../acts/saving.js';

/** Records what the patient said about one way of being reached. */
export default function ConsentDialog({
  patientId,
  onClose,
}: {
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const words = useWords(agreedWords);
  const [channel, setChannel] = useState<NewConsent['channel']>('sms');
  const [decision, setDecision] = useState<NewConsent['decision']>('given');
  const [decidedOn, setDecidedOn] = useState(useToday());
  const [note, setNote] = useState('');
  const saving = useSaving(patientId, {
    send: (consent: NewConsent, idempotencyKey) => recordConsent(patientId, consent, { idempotencyKey }),
    textOf: () => words.saved,
    onSaved: onClose,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    saving.mutate({ channel, decision, decidedOn, ...(note.trim() !== '' && { note: note.trim() }) });
  };
  return (
    <Dialog title={words.record} closeLabel={words.close} onClose={onClose}>
      <form className="fields" onSubmit={submit}>
        <Choices
          label={words.channel}
          options={Object.entries(words.channels).map(([value, text]) => ({ value, text }))}
          value={channel}
          onValue={(value) => setChannel(value as NewConsent['channel'])}
        />
        <Choices
          label={words.decision}
          options={(['given', 'withdrawn'] as const).map((value) => ({ value, text: words[value] }))}
          value={decision}
          onValue={(value) => setDecision(value as NewConsent['decision'])}
        />
        <DayField
          label={words.decidedOn}
          value={decidedOn}
          error={errorOf(saving.error, 'decidedOn')}
          isPast
          required
          onValue={setDecidedOn}
        />
        <TextField
          label={words.note}
          maxLength={500}
          value={note}
          error={errorOf(saving.error, 'note')}
          onValue={setNote}
        />
        <Failure error={saving.error} />
        <DialogActions>
          <Button kind="main" type="submit" busy={saving.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
