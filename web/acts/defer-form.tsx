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

/** Takes items off the list until a day, on which they return by themselves. */
export function DeferForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const choice = useItemChoice(targets);
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const act = useAct(async (input: { until: string; reason: string; note?: string }, key) => {
    const items = choice.items.map(({ id, etag }) => ({ itemId: id, etag }));
    const answer = await actOnMany({ action: 'defer', targets: items, ...input }, key);
    return outcomeOfMany(answer, targets, words.deferred(input.until));
  }, onOutcome);
  return (
    <ActForm
      submitText={words.defer}
      fault={choice.fault}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() => act.mutate({ until, reason, ...(note.trim() !== '' && { note: note.trim() }) })}
    >
      <ItemChoiceField targets={targets} choice={choice} />
      <DayField
        label={words.until}
        value={until}
        error={errorOf(act.error, 'until')}
        shortcuts={[7, 14, 30]}
        required
        autoFocus
        onValue={setUntil}
      />
      <ReasonField
        step="defer"
        item={choice.items[0]}
        value={reason}
        error={errorOf(act.error, 'reason')}
        onValue={setReason}
      />
      <NoteField value={note} error={act.error} onValue={setNote} />
    </ActForm>
  );
}
