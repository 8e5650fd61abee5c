import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';
import { activitiesFor, entriesFor, sameSystem, wordForm } from './code-tables.js';
import type { IncomingReport, IncomingValue } from './incoming-facts.js';
import type { Mapping, ReportCondition, ReportRule } from './mapping-file.js';

/** What a report says of the exam that it is about. */
export type InterpretedReport =
  /** No table has its code: it concerns nothing that is followed here. */
  | { readonly is: 'unmapped' }
  | { readonly is: 'interpreted'; readonly activity: string; readonly outcome: string | undefined }
  /** A person has to say what it means. `activity` is undefined where the codes contradict each other. */
  | { readonly is: 'uninterpreted'; readonly activity: string | undefined; readonly reason: Message };

/**
 * Reads a report by the rules of the hospital. All matching rules must agree, so that their order in the file has no
 * effect. Without a matching rule nothing is assumed.
 */
export function interpretReport(mapping: Mapping, report: IncomingReport): InterpretedReport {
  const activities = activitiesFor(mapping, report);
  const [activity, another] = activities;
  if (activity === undefined) return { is: 'unmapped' };
  if (another !== undefined)
    return {
      is: 'uninterpreted',
      activity: undefined,
      reason: msg('mapping-two-activities', { activities }),
    };
  const matching = entriesFor(mapping, mapping.reports, report).filter((rule) =>
    rule.when.every((condition) => holds(mapping, condition, report)),
  );
  const outcomes = [...new Set(matching.map(({ outcome }) => outcome))];
  if (matching.length === 0)
    return { is: 'uninterpreted', activity, reason: msg('mapping-no-rule', { code: codeOf(report) }) };
  if (outcomes.length > 1) {
    const named = outcomes.map((outcome) => outcome ?? '—');
    return { is: 'uninterpreted', activity, reason: msg('mapping-rules-disagree', { outcomes: named }) };
  }
  return { is: 'interpreted', activity, outcome: outcomes[0] };
}

const codeOf = ({ codes }: IncomingReport): string =>
  codes.find(({ code }) => code !== undefined)?.code ?? '';

function holds(mapping: Mapping, condition: ReportCondition, { observations }: IncomingReport): boolean {
  const about = observations.filter(({ codes }) =>
    codes.some(
      ({ code, system }) =>
        code === condition.observation &&
        (condition.system === undefined ||
          (system !== undefined && sameSystem(mapping, condition.system, system))),
    ),
  );
  if (condition.missing === true) return about.length === 0;
  const values = about.flatMap((observation) => observation.values);
  return values.length > 0 && about.every(({ isFinal }) => isFinal) && partsHold(condition, values);
}

/** Of the texts of one observation. In a longer one a person has to look: it is no conclusion. */
const MOST_CHARACTERS = 20_000;

function partsHold(
  { is, has, lacks, from, to }: ReportRule['when'][number],
  values: readonly IncomingValue[],
): boolean {
  const texts = values.map(textOf);
  if (texts.reduce((sum, { length }) => sum + length, 0) > MOST_CHARACTERS) return false;
  const written = wordForm(texts.join('\n'));
  if (is !== undefined && !values.every((value) => isOneOf(value, is))) return false;
  if (has !== undefined && !has.some((word) => written.includes(wordForm(word)))) return false;
  if (lacks?.some((word) => written.includes(wordForm(word)))) return false;
  if (from === undefined && to === undefined) return true;
  return values.every(
    ({ number }) => number !== undefined && number >= (from ?? -Infinity) && number <= (to ?? Infinity),
  );
}

const isOneOf = ({ text, codes }: IncomingValue, words: readonly string[]): boolean => {
  const forms = words.map(wordForm);
  return [text, ...codes.flatMap(({ code, text: named }) => [code, named])].some(
    (one) => one !== undefined && forms.includes(wordForm(one)),
  );
};

const textOf = ({ text, codes }: IncomingValue): string =>
  [text, ...codes.map(({ text: named }) => named)].filter((one) => one !== undefined).join('\n');
