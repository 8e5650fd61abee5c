import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { actOnMany } from '../calls/bulk.js';
import { type Completion, completeItem } from '../calls/items.js';
import { useToday } from '../calls/me.js';
import { scheduleQuery } from '../calls/patients.js';
import { errorOf } from '../calls/problem.js';
import { activitiesQuery, measurementsQuery } from '../calls/ward.js';
import { DayField } from '../items/day-field.js';
import { useActivityName } from '../items/item-facts.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { proposedItems } from './act.js';
import { type ActFormProps, type ActOutcome, outcomeOfMany, useAct, undoItem } from './acting.js';
import { MeasuredFields } from './measured-fields.js';
import { valuesOf } from './measured-values.js';
import { NoteField } from './note-field.js';

/** Records that an examination was done. Of many patients: the item that put each on the list, all alike. */
export function CompleteForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const nameOf = useActivityName();
  const [only] = targets.length === 1 ? targets : [];
  const firsts = targets.flatMap((target) => proposedItems(target).slice(0, 1));
  const [itemId, setItemId] = useState(firsts[0]?.id ?? '');
  const item = only?.items.find(({ id }) => id === itemId) ?? firsts[0];
  const activity = useQuery(activitiesQuery).data?.items.find(({ code }) => code === item?.activity);
  const [date, setDate] = useState(useToday());
  const [outcome, setOutcome] = useState('');
  const [measured, setMeasured] = useState<Readonly<Record<string, string>>>({});
  const [place, setPlace] = useState('');
  const [note, setNote] = useState('');

  /** When this activity is due next, as the plan says after the result. */
  const nextDay = async (patientId: string, code: string): Promise<string | undefined> => {
    await queries.invalidateQueries({ queryKey: ['patient', patientId], refetchType: 'none' });
    const { items } = await queries.query(scheduleQuery(patientId, language));
    return items.find(
      (next) => next.activity === code && ['overdue', 'due', 'upcoming'].includes(next.status),
    )?.due;
  };
  const send = async (completion: Completion, idempotencyKey: string): Promise<ActOutcome> => {
    if (only === undefined || item === undefined) {
      const items = firsts.map(({ id, etag }) => ({ itemId: id, etag }));
      const answer = await actOnMany({ action: 'complete', targets: items, ...completion }, idempotencyKey);
      return outcomeOfMany(answer, targets, words.completed);
    }
    await completeItem(item.id, completion, { ifMatch: item.etag, idempotencyKey });
    const next = await nextDay(only.patientId, item.activity).catch(() => undefined); // it is recorded all the same
    return {
      text: next === undefined ? words.completed : words.completedNext(next),
      patientIds: [only.patientId],
      refused: [],
      undo: () => undoItem(item.id),
    };
  };
  const act = useAct(send, onOutcome);
  const values = valuesOf(measured, useQuery(measurementsQuery).data?.items ?? []);

  return (
    <ActForm
      submitText={words.complete}
      fault={item === undefined ? words.noItem : undefined}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() =>
        act.mutate({
          date,
          ...(outcome !== '' && { outcome }),
          ...(values.length > 0 && { values }),
          ...(place.trim() !== '' && { place: place.trim() }),
          ...(note.trim() !== '' && { note: note.trim() }),
        })
      }
    >
      {only === undefined ? (
        <p>{words.itemsOfAll(firsts.length, targets.length)}</p>
      ) : (
        <Choices
          label={words.items}
          options={only.items.map(({ id, activity: code }) => ({ value: id, text: nameOf(code) }))}
          value={itemId}
          onValue={(id) => {
            setItemId(id);
            setOutcome('');
          }}
        />
      )}
      <DayField
        label={words.doneOn}
        value={date}
        error={errorOf(act.error, 'date')}
        shortcuts={[0, -1]}
        isPast
        required
        onValue={setDate}
      />
      {activity && (
        <Choices
          label={words.outcome}
          options={activity.outcomes.map(({ code, title }) => ({ value: code, text: title[language] }))}
          value={outcome}
          onValue={setOutcome}
        />
      )}
      {only !== undefined && item && (
        <MeasuredFields activity={item.activity} values={measured} error={act.error} onValues={setMeasured} />
      )}
      <div className="fields-row">
        <TextField
          label={words.doneElsewhere}
          maxLength={100}
          value={place}
          error={errorOf(act.error, 'place')}
          onValue={setPlace}
        />
        <NoteField value={note} error={act.error} onValue={setNote} />
      </div>
    </ActForm>
  );
}
