import type { CalendarDate } from '../guideline/calendar.js';
import {
  attemptsPerContact,
  callsPerContact,
  type Figures,
  figuresByGroup,
  type Cell,
  followUp,
  lossesRecorded,
  noShows,
  type Quartiles,
  type Share,
} from './figures.js';
import type { Period } from './fact-sources.js';
import type { ItemOutcome } from './item-outcome.js';

/** The share that registries ask for, in percent. */
export const GAUGE_PERCENT = 90;

/** A share beside the gauge; `met` is null where nothing is to be judged. */
export interface GaugedShare extends Share {
  readonly met: boolean | null;
}

/** The rates of one activity, or of all. Whole numbers alone, so that the digest has one form. */
export interface ReportedRates {
  readonly due: number;
  readonly items: Readonly<Record<ItemOutcome, number>>;
  readonly excused: number;
  readonly adherence: Share;
  readonly completion: Share;
  readonly underTesting: Share;
  readonly overTesting: Share;
  readonly delayDays: Quartiles | null;
  readonly reasons: Figures['reasons'];
}

/** The figures of an inspection report. They never change once they are stored. */
export interface InspectionContent extends Period {
  readonly hospital: string;
  /** The figures hold for this day; items due later are not late yet. */
  readonly asOf: CalendarDate;
  /** Whether the month was over. */
  readonly monthIsOver: boolean;
  readonly gauge: {
    readonly percent: number;
    readonly completion: GaugedShare;
    readonly followUp: GaugedShare;
  };
  readonly total: ReportedRates;
  readonly activities: readonly ({
    readonly activity: string;
    readonly title: { readonly zh: string; readonly en: string };
  } & ReportedRates)[];
  readonly noShows: Share;
  readonly callsPerContact: Share;
  readonly attemptsPerContact: Share;
  readonly patients: { readonly followed: number; readonly lossProposed: number; readonly lost: number };
  readonly lossesRecorded: number;
}

export interface ReportContext extends Period {
  readonly hospital: string;
  readonly asOf: CalendarDate;
  readonly titleOf: (activity: string) => { readonly zh: string; readonly en: string };
}

/** The content of a report from the cells of its month, by activity. */
export function inspectionContent(
  cells: readonly Cell[],
  { hospital, asOf, from, to, titleOf }: ReportContext,
): InspectionContent {
  const { total, groups } = figuresByGroup(cells, 'activity');
  const patients = (state: 'patient_followed' | 'patient_loss_proposed' | 'patient_lost'): number =>
    total.counts.get(state) ?? 0;
  return {
    ...{ hospital, asOf, from, to, monthIsOver: asOf > to },
    gauge: {
      percent: GAUGE_PERCENT,
      completion: gauged(total.completion),
      followUp: gauged(followUp(total)),
    },
    total: ratesOf(total),
    activities: groups.flatMap(({ key, figures }) =>
      key === null ? [] : [{ activity: key, title: titleOf(key), ...ratesOf(figures) }],
    ),
    noShows: noShows(total),
    callsPerContact: callsPerContact(total),
    attemptsPerContact: attemptsPerContact(total),
    patients: {
      followed: patients('patient_followed'),
      lossProposed: patients('patient_loss_proposed'),
      lost: patients('patient_lost'),
    },
    lossesRecorded: lossesRecorded(total),
  };
}

const ratesOf = (figures: Figures): ReportedRates => ({
  ...{ due: figures.due, items: figures.items, excused: figures.excused },
  ...{ adherence: figures.adherence, completion: figures.completion },
  ...{ underTesting: figures.underTesting, overTesting: figures.overTesting },
  ...{ delayDays: figures.delayDays, reasons: figures.reasons },
});

/** Compares exactly, without rounding: 89.96 % does not meet 90 %. */
export const gauged = (share: Share): GaugedShare => ({
  ...share,
  met: share.denominator === 0 ? null : 100 * share.numerator >= GAUGE_PERCENT * share.denominator,
});
