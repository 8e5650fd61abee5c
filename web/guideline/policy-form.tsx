import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SyntheticEvent } from 'react';
import { Failure } from '../calls/failure.js';
import { guidelineQuery, guidelinesQuery, nameOf } from '../calls/guidelines.js';
import { askRollout, type PolicyInForce } from '../calls/policy.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { SelectField, TextArea, TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useDraft } from './draft.js';
import { LimitFields } from './limit-fields.js';
import { DEFAULT_TOLERANCES, patchOf, TOLERANCES, type TypedPolicy, typedOf } from './policy-patch.js';
import { policyWords } from './policy-words.js';
import { ReminderFields } from './reminder-fields.js';
import { RuleDecisions } from './rule-decisions.js';

/** The choices of the hospital, each with its meaning. Nothing changes before its preview was applied. */
export function PolicyForm({
  inForce: { policy, version },
  mayPlan,
}: {
  readonly inForce: PolicyInForce;
  readonly mayPlan: boolean;
}) {
  const words = useWords(policyWords);
  const queries = useQueryClient();
  const [typed, setTyped] = useDraft(`policy ${version}`, () => typedOf(policy));
  const [reason, setReason] = useDraft(`reason ${version}`, () => '');
  const { data: guideline } = useQuery(guidelineQuery(typed.guideline));
  const patch = patchOf(policy, typed, reason);
  const asking = useMutation({
    mutationFn: askRollout,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['rollouts'] }),
  });
  const put = (change: Partial<TypedPolicy>): void => setTyped({ ...typed, ...change });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (patch) asking.mutate({ policy: patch, reason });
  };
  return (
    <form className="policy-form" onSubmit={submit}>
      <PlanFields {...{ typed, put }} error={asking.error} />
      {guideline && (
        <RuleDecisions
          guideline={guideline}
          rules={typed.rules}
          error={asking.error}
          onRules={(rules) => put({ rules })}
        />
      )}
      <LimitFields {...{ typed, put }} error={asking.error} />
      <ReminderFields {...{ typed, put }} error={asking.error} />
      {mayPlan && (
        <>
          <TextArea
            label={words.reason}
            help={words.reasonHelp}
            error={errorOf(asking.error, 'reason')}
            value={reason}
            maxLength={500}
            required
            onValue={setReason}
          />
          <Failure error={asking.error} />
          <p>
            <Button kind="main" type="submit" busy={asking.isPending} disabled={patch === null}>
              {words.preview}
            </Button>{' '}
            <span className="quiet small">{patch === null ? words.nothing : words.previewHelp}</span>
          </p>
        </>
      )}
    </form>
  );
}

/** A part of the form. */
export interface PolicyPart {
  readonly typed: TypedPolicy;
  readonly put: (change: Partial<TypedPolicy>) => void;
  readonly error: unknown;
}

function PlanFields({ typed, put, error }: PolicyPart) {
  const words = useWords(policyWords);
  const language = useLanguage();
  const { data } = useQuery(guidelinesQuery);
  const guidelines = (data?.items ?? []).map((one) => ({
    value: nameOf(one),
    text: `${one.title[language]} ${one.version}`,
  }));
  return (
    <>
      <SelectField
        label={words.guideline}
        help={words.guidelineHelp}
        error={errorOf(error, 'policy/guideline')}
        value={typed.guideline}
        options={guidelines}
        onValue={(guideline) => put({ guideline })}
      />
      <Choices
        label={words.profile}
        value={typed.profile}
        options={(['intensive', 'minimal'] as const).map((value) => ({ value, text: words.profiles[value] }))}
        onValue={(profile) => put({ profile: profile as TypedPolicy['profile'] })}
      />
      <Choices
        label={words.liver}
        value={typed.liverImaging}
        options={(['ct', 'mri'] as const).map((value) => ({ value, text: words.liverMethods[value] }))}
        onValue={(method) => put({ liverImaging: method as TypedPolicy['liverImaging'] })}
      />
      <fieldset>
        <legend>{words.tolerances}</legend>
        <p className="quiet small">{words.tolerancesHelp}</p>
        <div className="policy-fields">
          {TOLERANCES.map((name) => (
            <TextField
              key={name}
              type="number"
              min={0}
              max={90}
              label={words.tolerance[name]}
              placeholder={words.byDefault(DEFAULT_TOLERANCES[name])}
              error={errorOf(error, `policy/tolerances/${name}`)}
              value={typed.tolerances[name]}
              onValue={(days) => put({ tolerances: { ...typed.tolerances, [name]: days } })}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}
