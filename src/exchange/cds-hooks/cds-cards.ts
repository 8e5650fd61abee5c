import { order, toDayNumber } from '../../guideline/calendar.js';
import type { Guideline, Language } from '../../guideline/guideline.js';
import { NEVER, statusOn } from '../../guideline/planned-item.js';
import { explanationOf, reasonFor } from '../../guideline/reason.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { PlanBasis } from '../../schedules/plan-basis.js';
import type { ItemRow } from '../../schedules/planned-row.js';

/** CDS Hooks 2.0: "less than 140 characters". */
const LONGEST_SUMMARY = 139;
/** More would hide the chart; the last card counts the rest. */
export const MOST_CARDS = 8;

export interface CdsCard {
  readonly uuid: string;
  readonly summary: string;
  readonly indicator: 'info' | 'warning';
  readonly detail: string;
  readonly source: { readonly label: string };
  readonly links: readonly { readonly label: string; readonly url: string; readonly type: 'absolute' }[];
}

/** The plan that the cards are about, and the guidelines that planned its items. */
export interface CardBasis extends PlanBasis {
  readonly items: readonly ItemRow[];
  readonly guidelines: ReadonlyMap<string, Guideline>;
}

/** Items about which nothing is to be done now: the patient or a clinician decided so, or the result is awaited. */
const SETTLED: readonly (string | null)[] = ['declined', 'contraindicated', 'attended'];

/** What is due or overdue, the latest first: one card each, and one that counts what is beyond `MOST_CARDS`. */
export function cardsOf(basis: CardBasis, page: string, language: Language): CdsCard[] {
  const { today } = basis;
  const open = basis.items
    .filter((item) => ['due', 'overdue'].includes(statusOn(today, item)) && !SETTLED.includes(item.step))
    .sort((a, b) => order(a.overdue, b.overdue) || order(a.due, b.due) || order(a.id, b.id));
  const shown = open.length > MOST_CARDS ? open.slice(0, MOST_CARDS - 1) : open;
  const link = { label: render(msg('cds-link'), language), url: page, type: 'absolute' } as const;
  const cards = shown.map((item) => ({ ...cardOf(item, basis, language), links: [link] }));
  const [first] = open.slice(shown.length);
  if (first === undefined) return cards;
  const more = render(msg('cds-more', { count: open.length - shown.length }), language);
  return [
    ...cards,
    {
      ...{ uuid: basis.items[0]?.patientId ?? first.id, summary: more, indicator: 'info', detail: more },
      ...{ source: { label: guidelineOf(first, basis).title[language] }, links: [link] },
    },
  ];
}

const guidelineOf = (item: ItemRow, { guideline, guidelines }: CardBasis): Guideline =>
  guidelines.get(item.guideline) ?? guideline;

function cardOf(item: ItemRow, basis: CardBasis, language: Language): Omit<CdsCard, 'links'> {
  const { choices, today } = basis;
  const guideline = guidelineOf(item, basis);
  const { section, arithmetic } = explanationOf(guideline, item, choices, language);
  const about = { activity: activityTitle(item.activity, guideline)[language], due: item.due };
  const isLate = statusOn(today, item) === 'overdue';
  const text =
    item.step === 'booked' && item.stepOn !== null && item.stepOn >= today
      ? msg('cds-booked', { ...about, day: item.stepOn })
      : isLate
        ? msg('cds-overdue', { ...about, days: toDayNumber(today) - toDayNumber(item.due) })
        : msg('cds-due', about);
  const days = { earliest: item.earliest, due: item.due };
  const window =
    item.overdue === NEVER ? msg('cds-never-late', days) : msg('cds-window', { ...days, late: item.overdue });
  return {
    uuid: item.id,
    summary: shortened(render(text, language)),
    indicator: isLate && item.step !== 'booked' ? 'warning' : 'info',
    detail: [
      render(window, language),
      `\`${arithmetic.replaceAll('`', '')}\``,
      plainly(reasonFor(guideline, item, choices, language)),
    ].join('\n\n'),
    source: { label: [guideline.title[language], section].filter((part) => part !== '').join(', ') },
  };
}

/** A title of a hospital's own protocol cannot make a card too long. */
function shortened(text: string): string {
  const signs = [...text];
  return text.length <= LONGEST_SUMMARY ? text : `${signs.slice(0, LONGEST_SUMMARY / 2).join('')}…`;
}

/** Markdown and HTML of a hospital's own protocol are shown as they are written. */
const plainly = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`);
