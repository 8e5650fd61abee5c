import type { Guideline, Rule } from '../calls/guidelines.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useRuleText } from './names.js';
import type { TypedPolicy, TypedRule } from './policy-patch.js';
import { policyWords } from './policy-words.js';

/** Intervals from two weeks to a year, which are what wards choose between. */
const WEEKS = [2, 3, 4, 6, 8];
const MONTHS = [1, 2, 3, 4, 5, 6, 9, 12, 18, 24, 36, 60];

const UNTOUCHED: TypedRule = { every: {}, offFrom: '' };

/** Decisions about single rules of the guideline, which take precedence over the choices for all. */
export function RuleDecisions({
  guideline,
  rules,
  error,
  onRules,
}: {
  readonly guideline: Guideline;
  readonly rules: TypedPolicy['rules'];
  readonly error: unknown;
  readonly onRules: (rules: TypedPolicy['rules']) => void;
}) {
  const words = useWords(policyWords);
  const language = useLanguage();
  const text = useRuleText(guideline);
  const titleOf = (rule: Rule): string => `${text.activities(rule)} · ${rule.title[language]}`;
  const decided = guideline.rules.filter(({ id }) => (rules[id] ?? null) !== null);
  const others = guideline.rules.filter((rule) => !decided.includes(rule));
  return (
    <details open={decided.length > 0}>
      <summary>
        {words.rules} {decided.length > 0 && `(${decided.length})`}
      </summary>
      <p className="quiet small">{words.rulesHelp}</p>
      {decided.map((rule) => (
        <RuleDecision
          key={rule.id}
          {...{ rule, error, guideline }}
          title={titleOf(rule)}
          typed={rules[rule.id] ?? UNTOUCHED}
          onRule={(typed) => onRules({ ...rules, [rule.id]: typed })}
        />
      ))}
      <SelectField
        label={words.rule}
        value=""
        options={[
          { value: '', text: words.chooseRule },
          ...others.map((rule) => ({ value: rule.id, text: titleOf(rule) })),
        ]}
        onValue={(id) => onRules({ ...rules, [id]: UNTOUCHED })}
      />
    </details>
  );
}

function RuleDecision({
  guideline,
  rule,
  title,
  typed,
  error,
  onRule,
}: {
  readonly guideline: Guideline;
  readonly rule: Rule;
  readonly title: string;
  readonly typed: TypedRule;
  readonly error: unknown;
  readonly onRule: (typed: TypedRule | null) => void;
}) {
  const words = useWords(policyWords);
  const lines = useRuleText(guideline).schedule(rule);
  const at = (field: string): string | undefined => errorOf(error, `policy/rules/${rule.id}/${field}`);
  const phases = rule.kind === 'recurring' ? rule.phases : [];
  const intervals = [
    { value: '', text: words.everyUnset },
    ...WEEKS.map((count) => ({ value: `P${count}W`, text: words.weeks(count) })),
    ...MONTHS.map((count) => ({ value: `P${count}M`, text: words.months(count) })),
  ];
  return (
    <fieldset>
      <legend>{title}</legend>
      <div className="policy-fields">
        {phases.map((phase, place) => {
          if ('at' in phase) return null;
          const value = typed.every[place] ?? '';
          const isListed = intervals.some((one) => one.value === value);
          return (
            <SelectField
              key={place}
              label={words.every(lines[place]?.text ?? '')}
              value={value}
              options={isListed ? intervals : [...intervals, { value, text: value }]}
              error={at(`phases/${place}/every`)}
              onValue={(every) => onRule({ ...typed, every: { ...typed.every, [place]: every } })}
            />
          );
        })}
        <TextField
          type="date"
          label={words.offFrom}
          value={typed.offFrom}
          error={at('offFrom')}
          onValue={(offFrom) => onRule({ ...typed, offFrom })}
        />
      </div>
      <Button onClick={() => onRule(null)}>{words.takeBack}</Button>
    </fieldset>
  );
}
