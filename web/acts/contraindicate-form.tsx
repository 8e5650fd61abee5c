import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { actOnMany, type BulkRequest } from '../calls/bulk.js';
import { errorOf } from '../calls/problem.js';
import { activitiesQuery } from '../calls/ward.js';
import { DayField } from '../items/day-field.js';
import { Choices } from '../parts/choices.js';
import { SelectField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { type ActFormProps, outcomeOfMany, useAct } from './acting.js';
import { ItemChoiceField, useItemChoice } from './item-choice.js';
import { NoteField } from './note-field.js';
import { ReasonField } from './reason-field.js';

type Contraindication = Omit<Extract<BulkRequest, { action: 'contraindicate' }>, 'action' | 'targets'>;

const LENGTHS = ['temporary', 'permanent'] as const;

/** Records that an exam must not be done: until a day or permanently, and what is done instead. Clinicians only. */
export function ContraindicateForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const choice = useItemChoice(targets);
  const [length, setLength] = useState<string>('temporary');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [substitute, setSubstitute] = useState('');
  const [note, setNote] = useState('');
  const act = useAct(async (input: Contraindication, key) => {
    const items = choice.items.map(({ id, etag }) => ({ itemId: id, etag }));
    const answer = await actOnMany({ action: 'contraindicate', targets: items, ...input }, key);
    return outcomeOfMany(answer, targets, words.contraindicated(input.until));
  }, onOutcome);
  const isTemporary = length === 'temporary';
  return (
    <ActForm
      submitText={words.contraindicate}
      fault={choice.fault}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() =>
        act.mutate({
          reason,
          ...(isTemporary && { until }),
          ...(substitute !== '' && { substitute }),
          ...(note.trim() !== '' && { note: note.trim() }),
        })
      }
    >
      <ItemChoiceField targets={targets} choice={choice} />
      <ReasonField
        step="contraindicate"
        item={choice.items[0]}
        value={reason}
        error={errorOf(act.error, 'reason')}
        onValue={setReason}
      />
      <Choices
        label={words.length}
        options={LENGTHS.map((value) => ({ value, text: words.lengths[value] }))}
        value={length}
        onValue={setLength}
      />
      {isTemporary ? (
        <DayField
          label={words.backOn}
          value={until}
          error={errorOf(act.error, 'until')}
          shortcuts={[30, 90, 180]}
          required
          onValue={setUntil}
        />
      ) : (
        <p className="quiet">{words.permanentHelp}</p>
      )}
      <SubstituteField
        except={choice.items.map(({ activity }) => activity)}
        value={substitute}
        error={errorOf(act.error, 'substitute')}
        onValue={setSubstitute}
      />
      <NoteField value={note} error={act.error} onValue={setNote} />
    </ActForm>
  );
}

/** What is done instead of the exams. */
function SubstituteField({
  except,
  value,
  error,
  onValue,
}: {
  readonly except: readonly string[];
  readonly value: string;
  readonly error: string | undefined;
  readonly onValue: (activity: string) => void;
}) {
  const words = useWords(actDialogWords);
  const language = useLanguage();
  const activities = useQuery(activitiesQuery).data?.items ?? [];
  return (
    <SelectField
      label={words.substitute}
      help={words.substituteHelp}
      options={[
        { value: '', text: words.noSubstitute },
        ...activities
          .filter(({ code }) => !except.includes(code))
          .map(({ code, title }) => ({ value: code, text: title[language] })),
      ]}
      {...{ value, error, onValue }}
    />
  );
}
