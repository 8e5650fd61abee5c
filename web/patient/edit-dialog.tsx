import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { errorOf } from '../calls/problem.js';
import type { Patient } from '../calls/patients.js';
import { type Correction, correctPatient } from '../calls/record.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { changedFields, type Fields } from './changed-fields.js';
import { patientWords } from './patient-words.js';
import { useSaving } from '../acts/saving.js';

/** How the patient is reached and where they belong. What decides the plan is corrected by events. */
export default function EditDialog({
  patient,
  onClose,
}: {
  readonly patient: Patient;
  readonly onClose: () => void;
}) {
  const words = useWords(patientWords);
  const before = fieldsOf(patient);
  const [fields, setFields] = useState(before);
  const saving = useSaving(patient.id, {
    send: (correction: Correction) => correctPatient(patient.id, correction),
    textOf: () => words.saved,
    onSaved: onClose,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const changed = changedFields(before, fields);
    if (Object.keys(changed).length === 0) onClose();
    else saving.mutate(correctionOf(changed));
  };
  const labels = { ...words, distanceKm: `${words.distance} (km)` };
  return (
    <Dialog title={words.edit} closeLabel={words.close} onClose={onClose}>
      <form className="fields" onSubmit={submit}>
        {NAMES.map((name) => (
          <TextField
            key={name}
            label={labels[name]}
            help={name === 'phone' ? words.phoneHelp : undefined}
            maxLength={100}
            inputMode={name === 'distanceKm' ? 'numeric' : undefined}
            pattern={name === 'distanceKm' ? '[0-9]{1,5}' : undefined}
            autoFocus={name === 'phone'}
            value={fields[name] ?? ''}
            error={errorOf(saving.error, name)}
            onValue={(value) => setFields({ ...fields, [name]: value })}
          />
        ))}
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

const NAMES = ['phone', 'department', 'ward', 'group', 'distanceKm'] as const;

const fieldsOf = (patient: Patient): Fields =>
  Object.fromEntries(NAMES.map((name) => [name, String(patient[name] ?? '')]));

const correctionOf = ({ distanceKm, ...texts }: Readonly<Record<string, string | null>>): Correction => ({
  ...texts,
  ...(distanceKm !== undefined && { distanceKm: distanceKm === null ? null : Number(distanceKm) }),
});
