import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { actOnMany } from '../calls/bulk.js';
import { useMe } from '../calls/me.js';
import { nameOwner } from '../calls/patients.js';
import { possibleOwnersQuery } from '../calls/ward.js';
import { SelectField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { type ActFormProps, type ActOutcome, outcomeOfMany, useAct } from './acting.js';

const NO_PERSON = '';

/** Names the responsible nurse. */
export function OwnerForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const me = useMe();
  const colleagues = useQuery(possibleOwnersQuery).data?.items ?? [];
  const people = [
    { value: me.id, text: words.toMe(me.name) },
    ...colleagues.filter(({ id }) => id !== me.id).map(({ id, name }) => ({ value: id, text: name })),
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
      return outcomeOfMany(answer, targets, text, async ({ patientId }) => {
        const target = targets.find((one) => one.patientId === patientId);
        if (target) await nameOwner(target.patientId, target.nurseId);
        return [];
      });
    }
    await nameOwner(only.patientId, person);
    const undo = async () => {
      await nameOwner(only.patientId, only.nurseId);
      return [];
    };
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
