import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { actOnMany } from '../calls/bulk.js';
import { useMe } from '../calls/me.js';
import { nameOwner } from '../calls/patients.js';
import { colleaguesQuery } from '../calls/ward.js';
import { SelectField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { type ActFormProps, type ActOutcome, outcomeOfMany, useAct } from './acting.js';

/** The roles that may list the people of the ward; a nurse can take patients over. */
const SEES_COLLEAGUES = ['head_nurse', 'clinician', 'hospital_admin'];
const NO_PERSON = '';

/** Names the responsible nurse. */
export function OwnerForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const me = useMe();
  const seesColleagues = me.roles.some((role) => SEES_COLLEAGUES.includes(role));
  const colleagues = useQuery({ ...colleaguesQuery, enabled: seesColleagues }).data?.items ?? [];
  const people = [
    { value: me.id, text: words.toMe(me.name) },
    ...colleagues
      .filter(({ person }) => person.active && person.id !== me.id)
      .map(({ person }) => ({ value: person.id, text: person.name })),
    { value: NO_PERSON, text: words.toNoPerson },
  ];
  const [personId, setPersonId] = useState(me.id);
  const [only] = targets.length === 1 ? targets : [];

  const send = async (id: string, key: string): Promise<ActOutcome> => {
    const person = id === NO_PERSON ? null : id;
    const name = people.find(({ value }) => value === id)?.text ?? '';
    const text = person === null ? words.ownedByNone : words.owned(name);
    if (only === undefined) {
      const patients = targets.map(({ patientId }) => ({ patientId }));
      const answer = await actOnMany({ action: 'owner', targets: patients, personId: person }, key);
      return { ...outcomeOfMany(answer, targets, text), undo: undefined };
    }
    await nameOwner(only.patientId, person);
    const undo = (): Promise<unknown> => nameOwner(only.patientId, only.nurseId);
    return { text, patientIds: [only.patientId], refused: [], undo };
  };
  const act = useAct(send, onOutcome);

  return (
    <ActForm
      submitText={words.owner}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() => act.mutate(personId)}
    >
      <SelectField label={words.to} options={people} value={personId} autoFocus onValue={setPersonId} />
    </ActForm>
  );
}
