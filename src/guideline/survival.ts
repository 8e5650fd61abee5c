import type { CalendarDate } from './calendar.js';
import { isDeath, NED_EVENT, RECURRENCE_EVENT, type ClinicalFact } from './facts.js';
import { later } from './planned-item.js';

/** The end of an interval: something happened on `date`, or nothing had happened until then. */
export interface Endpoint {
  readonly status: 'event' | 'censored';
  readonly date: CalendarDate;
  /** The type of the event; null: censored. */
  readonly event: string | null;
}

/** Dates by which studies count survival. */
export interface SurvivalDates {
  /** The newest day on which the patient is known to have lived; of one who died, the day of death. */
  readonly lastKnownAliveOn: CalendarDate;
  readonly diedOn: CalendarDate | null;
  /** From diagnosis to death of any cause. */
  readonly overall: Endpoint & { readonly from: CalendarDate };
  /** From the day on which the patient was first free of disease to recurrence, a new metastasis or death; null: never free of it. */
  readonly recurrenceFree: (Endpoint & { readonly from: CalendarDate }) | null;
}

/** Events that say that the disease is there again. */
const RELAPSES: readonly string[] = [RECURRENCE_EVENT, 'liver_metastasis_diagnosed'];

/** Without distant metastases, a resection with curative intent leaves no disease. */
const LOCAL_STAGES: readonly unknown[] = ['I', 'II', 'III'];

/**
 * The dates of one patient. `seenOn`: the newest day on which contacts, events and results show the patient alive. Censoring is
 * on that day: an event after it would not be known.
 */
export function survivalDates(
  {
    diagnosisDate,
    events,
  }: { readonly diagnosisDate: CalendarDate; readonly events: readonly ClinicalFact[] },
  seenOn: CalendarDate,
): SurvivalDates {
  const death = first(events.filter(isDeath));
  const diedOn = death?.date ?? null;
  const lastKnownAliveOn = diedOn ?? seenOn;
  const free = first(events.filter(isFreeOfDisease));
  const relapse =
    free && first(events.filter(({ type, date }) => RELAPSES.includes(type) && date > free.date));
  const censored: Endpoint = { status: 'censored', date: lastKnownAliveOn, event: null };
  const died: Endpoint | null = death ? { status: 'event', date: death.date, event: death.type } : null;
  return {
    ...{ lastKnownAliveOn, diedOn },
    overall: { from: diagnosisDate, ...(died ?? { ...censored, date: later(diagnosisDate, seenOn) }) },
    recurrenceFree: free
      ? {
          from: free.date,
          ...(relapse
            ? { status: 'event' as const, date: relapse.date, event: relapse.type }
            : (died ?? { ...censored, date: later(free.date, seenOn) })),
        }
      : null,
  };
}

const isFreeOfDisease = (fact: ClinicalFact): boolean =>
  fact.type === NED_EVENT ||
  (fact.type === 'primary_resection' &&
    fact['intent'] === 'curative' &&
    LOCAL_STAGES.includes(fact['stage']));

const first = (facts: readonly ClinicalFact[]): ClinicalFact | undefined =>
  facts.reduce<ClinicalFact | undefined>(
    (best, one) => (best && best.date <= one.date ? best : one),
    undefined,
  );
