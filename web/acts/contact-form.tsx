import { useState } from 'react';
import { actOnMany } from '../calls/bulk.js';
import { type Attempt, recordContact, voidContact } from '../calls/patients.js';
import { errorOf } from '../calls/problem.js';
import { DayField } from '../items/day-field.js';
import { Choices } from '../parts/choices.js';
import { type Option, TextArea } from '../parts/field.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { type ActFormProps, type ActOutcome, outcomeOfMany, useAct } from './acting.js';

type Channel = Attempt['channel'];
type Outcome = 'reached' | 'sent' | 'failed';
type Cause = NonNullable<Attempt['cause']>;

/** By a letter or a message a person is not reached at once: it is sent, and a reply comes later. */
const WRITTEN: readonly Channel[] = ['message', 'wechat', 'letter'];

const optionsOf = (texts: Readonly<Record<string, string>>, codes = Object.keys(texts)): Option[] =>
  codes.map((value) => ({ value, text: textOf(texts, value) }));

/** One attempt to reach each patient. */
export function ContactForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const [channel, setChannel] = useState<Channel>('telephone');
  const [outcome, setOutcome] = useState<Outcome>('reached');
  const [cause, setCause] = useState<Cause>('no_answer');
  const [note, setNote] = useState('');
  const [nextActionOn, setNextActionOn] = useState('');
  const [only] = targets.length === 1 ? targets : [];

  const send = async (attempt: Attempt, idempotencyKey: string): Promise<ActOutcome> => {
    const text = words.contacted(attempt.cause ? words.causes[attempt.cause] : words.outcomes[outcome]);
    if (only === undefined) {
      const patients = targets.map(({ patientId }) => ({ patientId }));
      const answer = await actOnMany({ action: 'contact', targets: patients, ...attempt }, idempotencyKey);
      return outcomeOfMany(answer, targets, text, async ({ patientId, contactId }) => {
        if (patientId !== null && contactId !== null)
          await voidContact(patientId, contactId, words.undoReason);
        return [];
      });
    }
    const { id } = await recordContact(only.patientId, attempt, { idempotencyKey });
    const undo = async () => {
      await voidContact(only.patientId, id, words.undoReason);
      return [];
    };
    return { text, patientIds: [only.patientId], refused: [], undo };
  };
  const act = useAct(send, onOutcome);
  const chooseChannel = (value: Channel): void => {
    setChannel(value);
    setOutcome(WRITTEN.includes(value) ? 'sent' : 'reached');
  };

  return (
    <ActForm
      submitText={words.contact}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() =>
        act.mutate({
          channel,
          outcome,
          ...(outcome === 'failed' && { cause }),
          ...(note.trim() !== '' && { note: note.trim() }),
          ...(nextActionOn !== '' && { nextActionOn }),
        })
      }
    >
      <Choices
        label={words.channel}
        options={optionsOf(words.channels)}
        value={channel}
        onValue={(value) => chooseChannel(value as Channel)}
      />
      <Choices
        label={words.result}
        options={optionsOf(words.outcomes, WRITTEN.includes(channel) ? undefined : ['reached', 'failed'])}
        value={outcome}
        onValue={(value) => setOutcome(value as Outcome)}
      />
      {outcome === 'failed' && (
        <Choices
          label={words.cause}
          options={optionsOf(words.causes)}
          value={cause}
          onValue={(value) => setCause(value as Cause)}
        />
      )}
      <TextArea
        label={words.note}
        maxLength={2000}
        value={note}
        error={errorOf(act.error, 'note')}
        onValue={setNote}
      />
      <DayField
        label={words.next}
        value={nextActionOn}
        error={errorOf(act.error, 'nextActionOn')}
        shortcuts={[1, 3, 7]}
        onValue={setNextActionOn}
      />
    </ActForm>
  );
}
