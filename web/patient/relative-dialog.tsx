import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { errorOf } from '../calls/problem.js';
import { addRelative, correctRelative, type NewRelative, type Relative } from '../calls/visits.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SelectField, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { useSaving } from '../acts/saving.js';
import { visitWords } from './visit-words.js';

/** A person through whom the patient can be reached: new, or corrected. */
export default function RelativeDialog({
  patientId,
  relative,
  onClose,
}: {
  readonly patientId: string;
  readonly relative: Relative | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(visitWords);
  const [name, setName] = useState(relative?.name ?? '');
  const [relation, setRelation] = useState<NewRelative['relation']>(relative?.relation ?? 'spouse');
  const [phone, setPhone] = useState(relative?.phone ?? '');
  const [note, setNote] = useState(relative?.note ?? '');
  const saving = useSaving(patientId, {
    send: (_: undefined, key) => save(key),
    textOf: () => words.saved,
    onSaved: onClose,
  });
  const save = (idempotencyKey: string): Promise<unknown> => {
    const texts = { phone: phone.trim(), note: note.trim() };
    const person = { name: name.trim(), relation };
    if (relative)
      return correctRelative(patientId, relative.id, {
        ...person,
        ...{ phone: texts.phone || null, note: texts.note || null },
      });
    const written = Object.entries(texts).filter(([, text]) => text !== '');
    return addRelative(patientId, { ...person, ...Object.fromEntries(written) }, { idempotencyKey });
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    saving.mutate(undefined);
  };
  const relations = Object.entries(words.relations).map(([value, text]) => ({ value, text }));
  return (
    <Dialog
      title={relative ? words.editRelative : words.addRelative}
      closeLabel={words.close}
      onClose={onClose}
    >
      <form className="fields" onSubmit={submit}>
        <TextField
          label={words.name}
          required
          autoFocus
          maxLength={200}
          value={name}
          error={errorOf(saving.error, 'name')}
          onValue={setName}
        />
        <SelectField
          label={words.relation}
          options={relations}
          value={relation}
          onValue={(value) => setRelation(value as NewRelative['relation'])}
        />
        <TextField
          label={words.phone}
          type="tel"
          maxLength={60}
          value={phone}
          error={errorOf(saving.error, 'phone')}
          onValue={setPhone}
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
