import { useState } from 'react';
import { actOnMany } from '../calls/bulk.js';
import { errorOf } from '../calls/problem.js';
import { DayField } from '../items/day-field.js';
import { useWords } from '../words/use-words.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { type ActFormProps, outcomeOfMany, useAct } from './acting.js';
import { ItemChoiceField, useItemChoice } from './item-choice.js';
import { NoteField } from './note-field.js';
import { ReasonField } from './reason-field.js';

/** Records that the patient declines, and when to ask again. */
export function DeclineForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const choice = useItemChoice(targets);
  const [reason, setReason] = useState('');
  const [askAgainOn, setAskAgainOn] = useState('');
  const [note, setNote] = useState('');
  const act = useAct(async (input: { reason: string; askAgainOn?: string; note?: string }, key) => {
    const items = choice.items.map(({ id, etag }) => ({ itemId: id, etag }));
    const answer = await actOnMany({ action: 'decline', targets: items, ...input }, key);
    return outcomeOfMany(answer, targets, words.declined);
  }, onOutcome);
  return (
    <ActForm
      submitText={words.decline}
      fault={choice.fault}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() =>
        act.mutate({
          reason,
          ...(askAgainOn !== '' && { askAgainOn }),
          ...(note.trim() !== '' && { note: note.trim() }),
        })
      }
    >
      <ItemChoiceField targets={targets} choice={choice} />
      <ReasonField
        step="decline"
        item={choice.items[0]}
        value={reason}
        error={errorOf(act.error, 'reason')}
        onValue={setReason}
      />
      <DayField
        label={words.askAgain}
        value={askAgainOn}
        error={errorOf(act.error, 'askAgainOn')}
        shortcuts={[30, 90]}
        onValue={setAskAgainOn}
      />
      <NoteField value={note} error={act.error} onValue={setNote} />
    </ActForm>
  );
}
