import { order } from '../guideline/calendar.js';
import { EXCUSED, ITEM_OUTCOMES, type ItemOutcome, JUDGED } from './item-outcome.js';
import {
  type Dimension,
  FURTHER_EXAM,
  LOSS_RECORDED,
  type Measure,
  sourceOf,
  sourcesBy,
} from './measures.js';

/** How many facts of one kind there are. Cells add up. */
export interface Cell {
  /** Of the asked dimension; null: the fact has none. */
  readonly group: string | null;
  readonly measure: Measure;
  /** Why an item is not done; null: it is done, or the fact is no item. */
  readonly reason: string | null;
  /** Days from the due date to the day on which the item was done; null: it is not done. */
  readonly delay: number | null;
  readonly count: number;
}

/** A share. Both numbers are shown, because a percentage alone hides small denominators. */
export interface Share {
  readonly numerator: number;
  readonly denominator: number;
}

export interface Figures {
  /** Items that fell due in the period, by what became of them. */
  readonly items: Readonly<Record<ItemOutcome, number>>;
  readonly due: number;
  readonly excused: number;
  /** Done in time, of those that are judged. */
  readonly adherence: Share;
  /** Done at all, of those that are judged. */
  readonly completion: Share;
  /** Missed or overdue, of those that are judged. */
  readonly underTesting: Share;
  /** Exams that complete no item, of all exams that were done for or beside an item. */
  readonly overTesting: Share;
  /** Days from due to done; null: nothing was done. */
  readonly delayDays: Quartiles | null;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly counts: ReadonlyMap<Measure, number>;
}

export interface Quartiles {
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
}

export interface FiguresByGroup {
  readonly total: Figures;
  readonly groups: readonly { readonly key: string | null; readonly figures: Figures }[];
}

/** The figures of all cells, and of each group. What belongs to no single activity or rule is in the total alone. */
export function figuresByGroup(cells: readonly Cell[], by: Dimension): FiguresByGroup {
  const sources = sourcesBy(by);
  const grouped = new Map<string | null, Cell[]>();
  for (const cell of cells) {
    if (!sources.includes(sourceOf(cell.measure))) continue;
    const those = grouped.get(cell.group);
    if (those) those.push(cell);
    else grouped.set(cell.group, [cell]);
  }
  return {
    total: figuresOf(cells),
    groups: [...grouped]
      .map(([key, those]) => ({ key, figures: figuresOf(those) }))
      .sort((a, b) => Number(a.key === null) - Number(b.key === null) || order(a.key ?? '', b.key ?? '')),
  };
}

export function figuresOf(cells: readonly Cell[]): Figures {
  const counts = new Map<Measure, number>();
  for (const { measure, count } of cells) counts.set(measure, (counts.get(measure) ?? 0) + count);
  const of = (...measures: readonly Measure[]): number =>
    measures.reduce((sum, measure) => sum + (counts.get(measure) ?? 0), 0);
  const judged = of(...JUDGED);
  const done = of('on_time', 'late');
  return {
    items: Object.fromEntries(ITEM_OUTCOMES.map((outcome) => [outcome, of(outcome)])) as Figures['items'],
    due: of(...ITEM_OUTCOMES),
    excused: of(...EXCUSED),
    adherence: { numerator: of('on_time'), denominator: judged },
    completion: { numerator: done, denominator: judged },
    underTesting: { numerator: of('missed', 'overdue'), denominator: judged },
    overTesting: { numerator: of(FURTHER_EXAM), denominator: done + of(FURTHER_EXAM) },
    delayDays: quartilesOf(cells),
    reasons: reasonsOf(cells),
    counts,
  };
}

/** Reasons for what is not done although it should be, or is excused; the most frequent first. */
function reasonsOf(cells: readonly Cell[]): Figures['reasons'] {
  const counts = new Map<string, number>();
  for (const { measure, reason, count } of cells)
    if (reason !== null && measure !== 'not_yet') counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || order(a.reason, b.reason));
}

/** Each quartile is a delay that occurs: the smallest one that so many items do not exceed. */
function quartilesOf(cells: readonly Cell[]): Quartiles | null {
  const counts = new Map<number, number>();
  let total = 0;
  for (const { delay, count } of cells) {
    if (delay === null) continue;
    counts.set(delay, (counts.get(delay) ?? 0) + count);
    total += count;
  }
  if (total === 0) return null;
  const delays = [...counts].sort(([a], [b]) => a - b);
  const at = (share: number): number => {
    let seen = 0;
    for (const [delay, count] of delays) {
      seen += count;
      if (seen >= share * total) return delay;
    }
    return 0;
  };
  return { lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75) };
}

const count = ({ counts }: Figures, measure: Measure): number => counts.get(measure) ?? 0;

/** Appointments of the period that patients did not attend, of those with an outcome on the day. */
export const noShows = (figures: Figures): Share => ({
  numerator: count(figures, 'appointment_not_attended'),
  denominator: count(figures, 'appointment_attended') + count(figures, 'appointment_not_attended'),
});

/** Calls, and calls that reached a person. */
export const callsPerContact = (figures: Figures): Share => ({
  numerator: count(figures, 'call_reached') + count(figures, 'call_sent') + count(figures, 'call_failed'),
  denominator: count(figures, 'call_reached'),
});

export const attemptsPerContact = (figures: Figures): Share => ({
  numerator:
    count(figures, 'contact_reached') + count(figures, 'contact_sent') + count(figures, 'contact_failed'),
  denominator: count(figures, 'contact_reached'),
});

/** Patients whom the hospital has not lost and of whom no loss is proposed, of all whom it should follow up. */
export const followUp = (figures: Figures): Share => ({
  numerator: count(figures, 'patient_followed'),
  denominator:
    count(figures, 'patient_followed') +
    count(figures, 'patient_loss_proposed') +
    count(figures, 'patient_lost'),
});

export const lossesRecorded = (figures: Figures): number => count(figures, LOSS_RECORDED);

/** In percent to one decimal; null: nothing to judge. */
export const percentOf = ({ numerator, denominator }: Share): number | null =>
  denominator === 0 ? null : Math.round((1000 * numerator) / denominator) / 10;
