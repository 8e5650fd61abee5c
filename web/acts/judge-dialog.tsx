import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { errorOf } from '../calls/problem.js';
import { scheduleQuery } from '../calls/patients.js';
import { eventTypesQuery, planGuidelineQuery } from '../calls/record.js';
import {
  judge,
  type ReviewOutcome,
  type ReviewOutcomeCode,
  type Review,
  undoReview,
} from '../calls/results.js';
import { activitiesQuery } from '../calls/ward.js';
import { DayField } from '../items/day-field.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SelectField, TextArea, TextField } from '../parts/field.js';
import { useToasts } from '../parts/toasts.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { outcomeOf, NOTHING_JUDGED, type TypedOutcome } from './review-outcome-form.js';
import { ReviewPreview } from './review-preview.js';
import { ReviewReasons } from './review-reasons.js';
import { resultWords } from './result-words.js';
import { useReadAgain, useSaving } from './saving.js';
import { useSettled } from './settled.js';

const SETTLED_MS = 400;
const NED_EVENT = 'liver_ned';

/** A clinician's judgement of an exam, after it has shown what follows. It can be undone for ten seconds. */
export default function JudgeDialog({
  review,
  onClose,
}: {
  readonly review: Review;
  readonly onClose: () => void;
}) {
  const words = useWords(resultWords);
  const nameOf = useActivityName();
  const titles = useOutcomeTitles(review);
  const toasts = useToasts();
  const readAgain = useReadAgain(review.patient.id);
  const [typed, setTyped] = useState<TypedOutcome>({ ...NOTHING_JUDGED, date: '' });
  const [note, setNote] = useState('');
  const judgement = outcomeOf(typed);
  const settled = useSettled(judgement, SETTLED_MS);
  const undo = (): void => {
    undoReview(review.id).then(
      async () => {
        await readAgain();
        toasts.show({ text: words.undone });
      },
      (error: unknown) => toasts.show({ text: (error as Error).message, tone: 'late' }),
    );
  };
  const saving = useSaving(review.patient.id, {
    send: (input: ReviewOutcome, idempotencyKey) => judge(review.id, input, { idempotencyKey }),
    textOf: (_, input) => words.judged(titles[input.judgement] ?? input.judgement),
    undo: { text: words.undo, run: undo },
    onSaved: onClose,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (judgement) saving.mutate({ ...judgement, ...(note.trim() !== '' && { note: note.trim() }) });
  };
  return (
    <Dialog title={words.judgeOf(nameOf(review.activity))} closeLabel={words.close} onClose={onClose} wide>
      <form className="fields" onSubmit={submit}>
        <ReviewReasons review={review} />
        <Choices
          label={words.judgement}
          options={Object.entries(titles).map(([value, text]) => ({ value, text }))}
          value={typed.judgement}
          onValue={(value) =>
            setTyped({ ...NOTHING_JUDGED, judgement: value as ReviewOutcomeCode, ...startOf(value, review) })
          }
        />
        <FollowUpFields
          {...{ review, typed }}
          error={saving.error}
          onTyped={(change) => setTyped({ ...typed, ...change })}
        />
        <TextArea
          label={`${words.note}${words.optional}`}
          maxLength={2000}
          value={note}
          error={errorOf(saving.error, 'note')}
          onValue={setNote}
        />
        <ReviewPreview reviewId={review.id} judgement={settled} saveError={saving.error} />
        <DialogActions>
          <Button kind="main" type="submit" disabled={judgement === null} busy={saving.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** A recurrence is mostly seen on the day of the exam. */
const startOf = (judgement: string, { event }: Review): Partial<TypedOutcome> =>
  judgement === 'recurrence' ? { date: event.date } : {};

/** The outcomes that the patient's guideline knows, by their names; an exam after a finding has the name of the exam. */
function useOutcomeTitles({ patient }: Review): Partial<Record<ReviewOutcomeCode, string>> {
  const words = useWords(resultWords);
  const nameOf = useActivityName();
  const guideline = useQuery(scheduleQuery(patient.id, useLanguage())).data?.guideline;
  const rules = useQuery(planGuidelineQuery(guideline)).data?.rules ?? [];
  const [further] = rules.flatMap(({ kind, activity }) => (kind === 'after-finding' ? activity : []));
  const { no_action, repeat_in_weeks, recurrence, ned } = words.outcomes;
  return {
    ...{ no_action, repeat_in_weeks },
    ...(further !== undefined && { mri: words.furtherExam(nameOf(further)) }),
    ...{ recurrence, ned },
  };
}

interface FollowUpProps {
  readonly review: Review;
  readonly typed: TypedOutcome;
  readonly error: unknown;
  readonly onTyped: (change: Partial<TypedOutcome>) => void;
}

/** What each judgement asks for. */
function FollowUpFields({ review, typed, error, onTyped }: FollowUpProps) {
  const words = useWords(resultWords);
  const language = useLanguage();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const activities = useQuery(activitiesQuery).data?.items ?? [];
  const fieldError = (name: string): string | undefined => errorOf(error, `followUp/${name}`);
  const day = (label: string) => (
    <DayField
      label={label}
      value={typed.date}
      error={fieldError('date')}
      shortcuts={[0, -1]}
      isPast
      onValue={(date) => onTyped({ date })}
    />
  );
  switch (typed.judgement) {
    case 'repeat_in_weeks':
      return (
        <div className="fields-row">
          <TextField
            label={words.weeks}
            help={words.weeksHelp}
            type="number"
            min={1}
            max={104}
            required
            value={typed.weeks}
            error={fieldError('weeks')}
            onValue={(weeks) => onTyped({ weeks })}
          />
          <SelectField
            label={words.activity}
            value={typed.activity === '' ? review.activity : typed.activity}
            options={activities.map(({ code, title }) => ({ value: code, text: title[language] }))}
            error={fieldError('activity')}
            onValue={(code) => onTyped({ activity: code === review.activity ? '' : code })}
          />
        </div>
      );
    case 'recurrence':
      return (
        <>
          {day(words.recurredOn)}
          <TextField
            label={`${words.site}${words.optional}`}
            maxLength={100}
            value={typed.site}
            error={fieldError('site')}
            onValue={(site) => onTyped({ site })}
          />
        </>
      );
    case 'ned': {
      const ned = types.find(({ type }) => type === NED_EVENT);
      const by = ned?.fields.find(({ name }) => name === 'by')?.values ?? [];
      if (ned === undefined) return null;
      return (
        <>
          {day(words.nedOn)}
          {typed.date !== '' && by.length > 0 && (
            <Choices
              label={words.by}
              options={by.map(({ value, title }) => ({ value, text: title[language] }))}
              value={typed.by}
              onValue={(value) => onTyped({ by: value })}
            />
          )}
        </>
      );
    }
    default:
      return null;
  }
}
