import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { scheduleQuery } from '../calls/patients.js';
import { errorOf } from '../calls/problem.js';
import { decide, type NewDecision, planGuidelineQuery } from '../calls/record.js';
import { activitiesQuery } from '../calls/ward.js';
import { DayField } from '../items/day-field.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SelectField, TextField } from '../parts/field.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { agreedWords } from './agreed-words.js';
import { decisionOf, type Kind, NOTHING_TYPED, type TypedDecision } from './decision-form.js';
import { isOpen } from './lanes.js';
import { PlanDiffPreview } from '../items/plan-diff-preview.js';
import { useSaving } from '../acts/saving.js';

/** A clinician's decision for this patient, after it has shown what it does to the plan. */
export default function DecisionDialog({
  patientId,
  onClose,
}: {
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const words = useWords(agreedWords);
  const [typed, setTyped] = useState<TypedDecision>(NOTHING_TYPED);
  const [reason, setReason] = useState('');
  const decision = decisionOf(typed);
  const saving = useSaving(patientId, {
    send: (input: NewDecision, idempotencyKey) => decide(patientId, input, { idempotencyKey }),
    textOf: ({ plan }) => words.decided(plan.added, plan.moved, plan.cancelled),
    onSaved: onClose,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (decision) saving.mutate({ ...decision, reason: reason.trim() });
  };
  return (
    <Dialog title={words.decide} closeLabel={words.close} onClose={onClose} wide>
      <form className="fields" onSubmit={submit}>
        <Choices
          label={words.kind}
          options={Object.entries(words.kinds).map(([value, text]) => ({ value, text }))}
          value={typed.kind}
          onValue={(kind) => setTyped({ ...NOTHING_TYPED, kind: kind as Kind })}
        />
        <DecisionFields
          {...{ patientId, typed }}
          error={saving.error}
          onTyped={(change) => setTyped({ ...typed, ...change })}
        />
        <TextField
          label={words.reason}
          help={words.reasonHelp}
          required
          maxLength={500}
          value={reason}
          error={errorOf(saving.error, 'reason')}
          onValue={setReason}
        />
        <PlanDiffPreview
          patientId={patientId}
          request={decision && { decisions: [decision] }}
          saveError={saving.error}
        />
        <DialogActions>
          <Button
            kind="main"
            type="submit"
            disabled={decision === undefined || reason.trim() === ''}
            busy={saving.isPending}
          >
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly patientId: string;
  readonly typed: TypedDecision;
  readonly error: unknown;
  readonly onTyped: (change: Partial<TypedDecision>) => void;
}

function DecisionFields(props: FieldsProps) {
  const words = useWords(agreedWords);
  const { typed, onTyped } = props;
  const choices = (
    label: string,
    texts: Readonly<Record<string, string>>,
    name: 'profile' | 'liverImaging',
  ) => (
    <Choices
      label={label}
      options={Object.entries(texts).map(([value, text]) => ({ value, text }))}
      value={typed[name]}
      onValue={(value) => onTyped({ [name]: value })}
    />
  );
  switch (typed.kind) {
    case 'profile':
      return choices(words.kinds.profile, words.profiles, 'profile');
    case 'liver_imaging':
      return choices(words.kinds.liver_imaging, words.livers, 'liverImaging');
    case 'interval':
    case 'rule_off':
      return <RuleFields {...props} />;
    case 'added_item':
      return <AddedItemFields {...props} />;
    case 'assignment':
      return <AssignmentFields {...props} />;
  }
}

function RuleFields({ patientId, typed, error, onTyped }: FieldsProps) {
  const words = useWords(agreedWords);
  const language = useLanguage();
  const schedule = useQuery(scheduleQuery(patientId, language)).data;
  const guideline = useQuery(planGuidelineQuery(schedule?.guideline)).data;
  const planned = new Set(schedule?.items.map(({ rule }) => rule));
  const rules = guideline?.rules.filter(({ id }) => planned.has(id)) ?? [];
  return (
    <>
      <SelectField
        label={words.rule}
        required
        options={[
          { value: '', text: words.chooseRule },
          ...rules.map(({ id, section, title }) => ({ value: id, text: `${section} ${title[language]}` })),
        ]}
        value={typed.rule}
        error={errorOf(error, 'rule')}
        onValue={(rule) => onTyped({ rule })}
      />
      {typed.kind === 'interval' ? (
        <TextField
          label={words.every}
          type="number"
          min={1}
          max={240}
          required
          value={typed.months}
          error={errorOf(error, 'every')}
          onValue={(months) => onTyped({ months })}
        />
      ) : (
        <DayField
          label={words.from}
          value={typed.from}
          error={errorOf(error, 'from')}
          onValue={(from) => onTyped({ from })}
        />
      )}
    </>
  );
}

function AddedItemFields({ typed, error, onTyped }: FieldsProps) {
  const words = useWords(agreedWords);
  const language = useLanguage();
  const activities = useQuery(activitiesQuery).data?.items ?? [];
  return (
    <>
      <SelectField
        label={words.activity}
        required
        options={[
          { value: '', text: words.choose },
          ...activities.map(({ code, title }) => ({ value: code, text: title[language] })),
        ]}
        value={typed.activity}
        error={errorOf(error, 'activity')}
        onValue={(activity) => onTyped({ activity })}
      />
      <DayField
        label={words.due}
        value={typed.due}
        error={errorOf(error, 'due')}
        shortcuts={[30, 90, 180]}
        required
        onValue={(due) => onTyped({ due })}
      />
    </>
  );
}

function AssignmentFields({ patientId, typed, error, onTyped }: FieldsProps) {
  const words = useWords(agreedWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  const schedule = useQuery(scheduleQuery(patientId, language)).data;
  const exams = schedule?.unassigned ?? [];
  const chosen = exams.find(({ eventId }) => eventId === typed.eventId);
  const items = schedule?.items.filter((item) => isOpen(item) && item.activity === chosen?.activity) ?? [];
  return (
    <>
      <SelectField
        label={words.exam}
        required
        options={[
          { value: '', text: words.choose },
          ...exams.map(({ eventId, activity, date }) => ({
            ...{ value: eventId, text: `${nameOf(activity)} ${dayText(date, language)}` },
          })),
        ]}
        value={typed.eventId}
        error={errorOf(error, 'eventId')}
        onValue={(eventId) => onTyped({ eventId, itemId: '' })}
      />
      <SelectField
        label={words.item}
        required
        options={[
          { value: '', text: words.choose },
          ...items.map(({ id, due }) => ({ value: id, text: dayText(due, language) })),
        ]}
        value={typed.itemId}
        error={errorOf(error, 'itemId')}
        onValue={(itemId) => onTyped({ itemId })}
      />
    </>
  );
}
