import { type CalendarDate, order } from '../guideline/calendar.js';
import { type ClinicalFact, type FactFault, faultsOfEvent } from '../guideline/facts.js';
import { valuesOf } from '../guideline/measured-exam.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { type ClinicalEventInput, detailOf } from './clinical-event-input.js';
import type { Patient } from './patient.entity.js';

/** How many active events a patient has at most: ten years of follow-up are some hundred. A plan reads them all. */
export const MOST_EVENTS = 500;

// Of one death before many recorded events, these are named.
const MOST_CONTRADICTED = 20;

/**
 * The active events of one patient, indexed by fact and by day: one more is checked without a comparison with each.
 * Whatever the order of entry, checking n events takes time in proportion to n.
 */
export class EventHistory {
  private readonly byFact = new Map<string, ClinicalEvent>();
  private readonly byDay = new Map<CalendarDate, ClinicalEvent[]>();
  private death: CalendarDate | undefined;
  private count = 0;

  constructor(
    private readonly patient: Pick<Patient, 'birthDate'>,
    events: readonly ClinicalEvent[] = [],
  ) {
    for (const event of events) this.add(event);
  }

  add(event: ClinicalEvent): void {
    const key = factKey({ ...event.detail, type: event.type, date: event.date });
    if (!this.byFact.has(key)) this.byFact.set(key, event);
    const sameDay = this.byDay.get(event.date);
    if (sameDay) sameDay.push(event);
    else this.byDay.set(event.date, [event]);
    if (event.type === 'death' && (this.death === undefined || event.date < this.death))
      this.death = event.date;
    this.count++;
  }

  /** Whether `MOST_EVENTS` are recorded. */
  get isFull(): boolean {
    return this.count >= MOST_EVENTS;
  }

  /** The recorded event that says the same as `fact`. */
  same(fact: ClinicalEventInput | ClinicalFact): ClinicalEvent | undefined {
    return this.byFact.get(factKey(fact));
  }

  on(day: CalendarDate): readonly ClinicalEvent[] {
    return this.byDay.get(day) ?? [];
  }

  /** What would contradict itself with `fact`: the fact, and recorded events later than the death that it is. */
  faultsWith(fact: Pick<ClinicalFact, 'type' | 'date'>, today: CalendarDate): FactFault[] {
    const { death } = this;
    const { birthDate } = this.patient;
    const faults = faultsOfEvent(fact, { birthDate, death, today });
    if (fact.type !== 'death' || (death !== undefined && death <= fact.date)) return faults;
    for (const [day, events] of this.byDay) {
      if (day <= fact.date) continue;
      for (const { type, date } of events) {
        if (faults.length >= MOST_CONTRADICTED) return faults;
        faults.push(...faultsOfEvent({ type, date }, { birthDate: date, death: fact.date, today: date }));
      }
    }
    return faults;
  }
}

/** Equal for facts that say the same: without an order of fields, which PostgreSQL keeps by its own, nor of values. */
export function factKey(fact: ClinicalEventInput | ClinicalFact): string {
  const { values, ...fields } = detailOf(fact);
  const measured = valuesOf({ values }).map((value) => JSON.stringify(ordered(value)));
  return JSON.stringify([fact.type, fact.date, ordered(fields), [...new Set(measured)].sort(order)]);
}

/** With the fields of every object in one order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => order(a, b));
  return Object.fromEntries(fields.map(([name, field]) => [name, ordered(field)]));
}
