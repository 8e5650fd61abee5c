import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { searchQuery } from '../calls/lists.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';
import './patient-search.css';

/** Finds the patient whose visits are to be arranged. The name is no part of any address. */
export default function PatientSearch({
  onFound,
  onClose,
}: {
  readonly onFound: (patientId: string) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(calendarWords);
  const [typed, setTyped] = useState('');
  const [searched, setSearched] = useState('');
  const { data, error, isFetching } = useQuery({ ...searchQuery(searched), enabled: searched !== '' });
  const search = (event: SyntheticEvent): void => {
    event.preventDefault();
    setSearched(typed.trim());
  };
  return (
    <Dialog title={words.arrange} closeLabel={words.close} onClose={onClose}>
      <form className="fields" onSubmit={search}>
        <TextField label={words.findPatient} value={typed} autoFocus onValue={setTyped} />
        <Failure error={error} />
        <DialogActions>
          <Button kind="main" type="submit" busy={isFetching}>
            {words.find}
          </Button>
        </DialogActions>
      </form>
      {data?.items.length === 0 && <p role="status">{words.nothingFound}</p>}
      <ul className="found-patients">
        {data?.items.map(({ patient }) => (
          <li key={patient.id}>
            <Button onClick={() => onFound(patient.id)}>
              {patient.name ?? words.noName} {patient.mrn}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
