import { DomainError } from '../platform/domain-error.js';
import { type CalendarDate, order } from '../guideline/calendar.js';
import { type FactFault, faultsOfEvent } from '../guideline/fact-faults.js';
import { type ClinicalFact, isDeath } from '../guideline/facts.js';
import { isExamEvent } from '../guideline/recorded-exam.js';
import { valuesOf } from '../guideline/measured-exam.js';
import type { Message } from '../guideline/message.js';
import type { WithEvents } from '../guideline/vocabulary.js';
import { msg } from '../platform/messages/dictionary.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { type ClinicalEventInput, detailOf } from './clinical-event-input.js';
import type { Patient } from './patient.entity.js';

/** The most active events of a patient. Ten years of follow-up are about a hundred, and a plan reads them all. */
export const MOST_EVENTS = 500;
/** Voided events of a patient in an answer. */
export const MOST_VOIDED_SHOWN = 500;

/** The most events that are not exams: each may begin or end a pathway, which a plan computes as a whole. */
export const MOST_TURNS = 100;

// The most contradictions that one error names, for a death dated before many recorded events.
const MOST_CONTRADICTED = 20;

/**
 * The active events of one patient, indexed by fact and by day, so that one more is checked without a comparison with
 * each. Whatever the order of entry, checking n events takes time in proportion to n.
 */
export class EventHistory {
  private readonly byFact = new Map<string, ClinicalEvent>();
  private readonly byDay = new Map<CalendarDate, ClinicalFact[]>();
  private readonly all: ClinicalEvent[] = [];
  private diedOn: CalendarDate | undefined;
  private turns = 0;

  constructor(
    private readonly patient: Pick<Patient, 'birthDate'>,
    events: readonly ClinicalEvent[] = [],
    /** Which events are exams, and what events are called. */
    private readonly guideline: WithEvents = {},
  ) {
    for (const event of events) this.add(event);
  }

  add(event: ClinicalEvent): void {
    const fact: ClinicalFact = { ...event.detail, type: event.type, date: event.date };
    const key = factKey(fact);
    if (!this.byFact.has(key)) this.byFact.set(key, event);
    const sameDay = this.byDay.get(event.date);
    if (sameDay) sameDay.push(fact);
    else this.byDay.set(event.date, [fact]);
    if (isDeath(event) && (this.diedOn === undefined || event.date < this.diedOn)) this.diedOn = event.date;
    this.all.push(event);
    if (!isExamEvent(event.type, this.guideline)) this.turns++;
  }

  /** All events, in the order in which they were added. */
  get events(): readonly ClinicalEvent[] {
    return this.all;
  }

  /** The limit that one more event of this type would exceed; null: there is room for it. */
  limitReached({ type }: Pick<ClinicalFact, 'type'>): number | null {
    if (this.all.length >= MOST_EVENTS) return MOST_EVENTS;
    return this.turns >= MOST_TURNS && !isExamEvent(type, this.guideline) ? MOST_TURNS : null;
  }

  /** The recorded event with the same content as `fact`. */
  same(fact: ClinicalEventInput | ClinicalFact): ClinicalEvent | undefined {
    return this.byFact.get(factKey(fact));
  }

  /** The facts of one day. */
  on(day: CalendarDate): readonly ClinicalFact[] {
    return this.byDay.get(day) ?? [];
  }

  /** The contradictions that `fact` would add: its own, and those of events after it when it is a death. */
  faultsWith(fact: ClinicalFact, today: CalendarDate): FactFault[] {
    const { diedOn, guideline } = this;
    const { birthDate } = this.patient;
    const faults = faultsOfEvent(fact, { birthDate, diedOn, today }, guideline);
    if (!isDeath(fact) || (diedOn !== undefined && diedOn <= fact.date)) return faults;
    for (const [day, facts] of this.byDay) {
      if (day <= fact.date) continue;
      for (const later of facts) {
        if (faults.length >= MOST_CONTRADICTED) return faults;
        const known = { birthDate: later.date, diedOn: fact.date, today: later.date };
        faults.push(...faultsOfEvent(later, known, guideline));
      }
    }
    return faults;
  }
}

/** Equal for facts with the same content, whatever the order of fields (PostgreSQL changes it) and of values. */
export function factKey(fact: ClinicalEventInput | ClinicalFact): string {
  const { values, ...fields } = detailOf(fact);
  const measured = valuesOf({ values }).map((value) => JSON.stringify(ordered(value)));
  return JSON.stringify([fact.type, fact.date, ordered(fields), [...new Set(measured)].sort(order)]);
}

/** The value with the fields of every object sorted. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => order(a, b));
  return Object.fromEntries(fields.map(([name, field]) => [name, ordered(field)]));
}

/** Refuses (409) one more event than a patient may have. */
export function refuseTooMany(history: EventHistory, fact: Pick<ClinicalFact, 'type'>): void {
  const limit = history.limitReached(fact);
  if (limit !== null) throw new DomainError('conflict', 'too-many-events', messageOfLimit(limit));
}

export const messageOfLimit = (limit: number): Message =>
  limit === MOST_TURNS ? msg('too-many-turns', { limit }) : msg('too-many-events', { limit });
