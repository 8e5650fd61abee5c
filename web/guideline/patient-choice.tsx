import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { searchQuery } from '../calls/lists.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { compareWords } from './compare-words.js';

/** Finds one patient. What is typed stays in the dialog: no address may name a patient. */
export default function PatientChoice({
  onChoose,
  onClose,
}: {
  readonly onChoose: (patientId: string) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(compareWords);
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const { data, error, isFetching } = useQuery({ ...searchQuery(asked), enabled: asked !== '' });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setAsked(typed.trim());
  };
  const patients = (data?.items ?? []).flatMap((row) => ('patient' in row ? [row.patient] : []));
  const found = [...new Map(patients.map((one) => [one.id, one])).values()];
  return (
    <Dialog title={words.choosePatient} closeLabel={words.close} onClose={onClose}>
      <form role="search" onSubmit={submit}>
        <TextField label={words.findPatient} value={typed} maxLength={200} autoFocus onValue={setTyped} />
        <Button kind="main" type="submit" disabled={typed.trim() === ''}>
          {words.find}
        </Button>
      </form>
      {isFetching && <Busy text={words.loading} />}
      <Failure error={error} />
      {data && found.length === 0 && <p role="status">{words.noneFound}</p>}
      <ul className="patient-choice">
        {found.map(({ id, name, mrn }) => (
          <li key={id}>
            <Button onClick={() => onChoose(id)}>
              {name} <span className="quiet">{mrn}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
