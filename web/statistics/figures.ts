import type { Adherence, Figures, ItemOutcome, Measure, Month, Share } from '../calls/statistics.js';
import { percentOf } from './shares.js';

export type FigureName =
  | 'completion'
  | 'adherence'
  | 'followUp'
  | 'noShows'
  | 'callsPerContact'
  | 'overTesting';

interface Figure {
  readonly name: FigureName;
  readonly of: (figures: Figures) => Share | null;
  readonly ofMonth: (month: Month['total']) => Share | null;
  /** The counts behind it that ask for something to be done, the most urgent first. */
  readonly opens: readonly Measure[];
  /** Calls for each person reached: a quotient, not a share. */
  readonly isQuotient?: true;
  /** Fewer are better. */
  readonly isLowBetter?: true;
}

/** The figures in the order of the page. */
export const FIGURES: readonly Figure[] = [
  {
    ...{ name: 'completion', of: ({ completion }) => completion, ofMonth: ({ completion }) => completion },
    opens: ['overdue', 'missed'],
  },
  {
    ...{ name: 'adherence', of: ({ adherence }) => adherence, ofMonth: ({ adherence }) => adherence },
    opens: ['late'],
  },
  {
    name: 'followUp',
    of: ({ followUp }) => followUp?.rate ?? null,
    ofMonth: ({ followUp }) => followUp,
    opens: ['patient_lost', 'patient_loss_proposed', 'loss_recorded'],
  },
  {
    name: 'noShows',
    of: ({ visits }) => visits?.noShows ?? null,
    ofMonth: ({ noShows }) => noShows,
    opens: ['appointment_not_attended', 'appointment_open'],
    isLowBetter: true,
  },
  {
    name: 'callsPerContact',
    of: ({ contacts }) => contacts?.callsPerContact ?? null,
    ofMonth: ({ callsPerContact }) => callsPerContact,
    opens: ['call_failed', 'call_reached'],
    ...{ isQuotient: true, isLowBetter: true },
  },
  {
    ...{
      name: 'overTesting',
      of: ({ overTesting }) => overTesting,
      ofMonth: ({ overTesting }) => overTesting,
    },
    opens: ['further_exam'],
    isLowBetter: true,
  },
];

/** The outcomes of items in the order in which they are shown: what was done, what was not, what does not count. */
export const OUTCOMES: readonly ItemOutcome[] = [
  ...(['on_time', 'late', 'overdue', 'missed'] as const),
  ...(['not_yet', 'declined', 'contraindicated', 'ended'] as const),
];

/** Neither excused items nor those that are not late yet are in a denominator. */
export const NOT_COUNTED: readonly ItemOutcome[] = ['not_yet', 'declined', 'contraindicated', 'ended'];

/** `12.5`; of calls per contact the quotient. Null: nothing to divide by. */
export function valueOf({ isQuotient }: Pick<Figure, 'isQuotient'>, share: Share): number | null {
  if (isQuotient !== true) return percentOf(share);
  return share.denominator === 0 ? null : Math.round((10 * share.numerator) / share.denominator) / 10;
}

/** The share in percent that the figure should reach; undefined: there is none. */
export const targetOf = ({ percent, figures }: Adherence['gauge'], name: FigureName): number | undefined =>
  figures.some((gauged) => gauged === name) ? percent : undefined;

/** How many facts a measure counts; null: the figures do not say it apart from others. */
export function countOf(figures: Figures, measure: Measure): number | null {
  const { items, overTesting, visits, contacts, followUp } = figures;
  if (measure in items) return items[measure as ItemOutcome];
  const counts: Partial<Record<Measure, number | undefined>> = {
    further_exam: overTesting.numerator,
    patient_lost: followUp?.lost,
    patient_loss_proposed: followUp?.lossProposed,
    loss_recorded: followUp?.lossesRecorded,
    appointment_not_attended: visits?.noShows.numerator,
    appointment_open: visits?.withoutOutcome,
    call_reached: contacts?.callsPerContact.denominator,
  };
  return counts[measure] ?? null;
}
