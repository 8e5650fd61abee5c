import { useQuery } from '@tanstack/react-query';
import { type Guideline, guidelineQuery, type GuidelineSummary, nameOf } from '../calls/guidelines.js';
import { Chip } from '../parts/chip.js';
import { SelectField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { guidelineWords } from './guideline-words.js';
import { useRuleText } from './names.js';
import { PathwayRules } from './pathway-rules.js';
import { diffOf } from './version-diff.js';
import './guideline-text.css';

/** One version of a guideline: its sources, its rules by pathway, and what it leaves to people. */
export function GuidelineText({
  guideline,
  earlier,
  before,
  isInForce,
  onBefore,
}: {
  readonly guideline: Guideline;
  /** Other versions of the same guideline. */
  readonly earlier: readonly GuidelineSummary[];
  /** The version with which it is compared. */
  readonly before: string | undefined;
  readonly isInForce: boolean;
  readonly onBefore: (version: string | undefined) => void;
}) {
  const words = useWords(guidelineWords);
  const language = useLanguage();
  const { data: old } = useQuery({ ...guidelineQuery(before ?? ''), enabled: before !== undefined });
  const diff = old && before !== undefined ? diffOf(old, guideline) : undefined;
  return (
    <article className="guideline-text">
      <header>
        <h2>
          {guideline.title[language]} <span className="quiet small">{guideline.version}</span>{' '}
          {isInForce && <Chip tone="done">{words.inForce}</Chip>}
        </h2>
        <p className="quiet small">{words.sources(guideline.sources.join(' · '))}</p>
      </header>
      {guideline.caution && <Notice tone="warning" title={guideline.caution[language]} />}
      {earlier.length > 0 && (
        <SelectField
          label={words.compareVersion}
          value={before ?? ''}
          options={[
            { value: '', text: words.noComparison },
            ...earlier.map((one) => ({ value: nameOf(one), text: one.version })),
          ]}
          onValue={(version) => onBefore(version === '' ? undefined : version)}
        />
      )}
      {diff && (
        <p role="status">
          {diff.counts.added + diff.counts.changed + diff.counts.removed === 0
            ? words.sameVersion
            : words.changes(diff.counts.added, diff.counts.changed, diff.counts.removed)}
        </p>
      )}
      {guideline.pathways.map((pathway) => (
        <PathwayRules key={pathway.id} {...{ guideline, pathway, diff }} />
      ))}
      <Remarks guideline={guideline} />
    </article>
  );
}

/** What the guideline leaves to people, excludes, or answers by one examination for several. */
function Remarks({ guideline }: { readonly guideline: Guideline }) {
  const words = useWords(guidelineWords);
  const language = useLanguage();
  const text = useRuleText(guideline);
  const covers = Object.entries(guideline.covers);
  const groups = [
    {
      title: words.flags,
      lines: guideline.flags.map(({ code, message }) => ({ key: code, text: message[language] })),
    },
    {
      title: words.notRoutine,
      lines: (guideline.notRoutine ?? []).map(({ section, sentence }) => ({
        ...{ key: section, text: `${sentence[language]} ${section}` },
      })),
    },
    {
      title: words.covers,
      lines: covers.map(([activity, others]) => ({
        key: activity,
        text: words.coversText(
          text.activityName(activity),
          others.map((one) => text.activityName(one)).join(' · '),
        ),
      })),
    },
  ];
  return groups.map(({ title, lines }) =>
    lines.length === 0 ? null : (
      <section key={title}>
        <h3>{title}</h3>
        <ul className="guideline-remarks">
          {lines.map((line) => (
            <li key={line.key}>{line.text}</li>
          ))}
        </ul>
      </section>
    ),
  );
}
