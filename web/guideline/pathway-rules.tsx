import type { Guideline, Rule } from '../calls/guidelines.js';
import { Chip, type Tone } from '../parts/chip.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { guidelineWords } from './guideline-words.js';
import { useRuleText } from './names.js';
import type { ScheduleLine } from './rule-text.js';
import type { RuleChange, VersionDiff } from './version-diff.js';
import './pathway-rules.css';

type Pathway = Guideline['pathways'][number];

const TONES: Readonly<Record<RuleChange, Tone>> = {
  added: 'done',
  changed: 'warning',
  removed: 'late',
  same: 'plain',
};

const pathwaysOf = (rule: Rule): readonly string[] =>
  rule.kind === 'recurring' ? [rule.pathway] : rule.pathways;

interface PathwayRulesProps {
  readonly guideline: Guideline;
  readonly pathway: Pathway;
  /** What changed since another version. */
  readonly diff: VersionDiff | undefined;
}

/** The rules of one pathway. A rule of several is written under its first one. */
export function PathwayRules({ guideline, pathway, diff }: PathwayRulesProps) {
  const words = useWords(guidelineWords);
  const language = useLanguage();
  const text = useRuleText(guideline);
  const isHere = (rule: Rule): boolean => pathwaysOf(rule)[0] === pathway.id;
  const rules = guideline.rules.filter(isHere);
  const removed = (diff?.removed ?? []).filter(isHere);
  if (rules.length + removed.length === 0) return null;
  const title = pathway.title[language];
  return (
    <section className="pathway-rules">
      <h3>
        {pathway.section} {title}
      </h3>
      <p className="quiet small">
        {words.clock(text.pattern(pathway.clock))} ·{' '}
        {words.endedBy(pathway.endedBy.map((type) => text.pattern({ event: type })).join(' / '))}
      </p>
      <table aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{words.activity}</th>
            <th scope="col">{words.schedule}</th>
            <th scope="col">{words.basis}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <RuleRow
              key={rule.id}
              {...{ guideline, rule }}
              change={diff?.changeOf(rule) ?? 'same'}
              earlier={diff?.changeOf(rule) === 'changed' ? diff.earlier(rule.id) : undefined}
            />
          ))}
          {removed.map((rule) => (
            <RuleRow key={rule.id} {...{ guideline, rule }} change="removed" />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RuleRow({
  guideline,
  rule,
  change,
  earlier,
}: {
  readonly guideline: Guideline;
  readonly rule: Rule;
  readonly change: RuleChange;
  /** The same rule in the other version, where it differs. */
  readonly earlier?: Rule | undefined;
}) {
  const words = useWords(guidelineWords);
  const language = useLanguage();
  const text = useRuleText(guideline);
  const others = guideline.pathways.filter(({ id }) => pathwaysOf(rule).slice(1).includes(id));
  const limits = text.limits(rule);
  return (
    <tr className={change === 'removed' ? 'is-removed' : undefined}>
      <th scope="row">
        {text.activities(rule)}{' '}
        {change !== 'same' && <Chip tone={TONES[change]}>{words.change[change]}</Chip>}
        <span className="quiet small">{rule.title[language]}</span>
      </th>
      <td>
        <ScheduleLines lines={text.schedule(rule)} />
        {limits.length > 0 && <p className="quiet small">{limits.join(' · ')}</p>}
        {others.length > 0 && (
          <p className="quiet small">{words.alsoOn(others.map((one) => one.title[language]).join(' / '))}</p>
        )}
        {earlier && (
          <div className="rule-before">
            <span className="quiet small">{words.before}</span>
            <ScheduleLines lines={text.schedule(earlier)} />
            <p className="quiet small">{text.limits(earlier).join(' · ')}</p>
          </div>
        )}
      </td>
      <td>
        {rule.section}
        <details>
          <summary>{words.reading}</summary>
          <p className="small">{rule.interpretation[language]}</p>
        </details>
      </td>
    </tr>
  );
}

function ScheduleLines({ lines }: { readonly lines: readonly ScheduleLine[] }) {
  const words = useWords(guidelineWords);
  return (
    <ol className="schedule-lines">
      {lines.map(({ text, evidence, grade }, place) => (
        <li key={place}>
          {text}{' '}
          <span className="quiet small">
            {evidence === null ? words.ungraded : words.evidence(evidence, grade)}
          </span>
        </li>
      ))}
    </ol>
  );
}
