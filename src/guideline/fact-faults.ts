import type { CalendarDate } from './calendar.js';
import { type ClinicalFact, isDeath, type PatientFacts } from './facts.js';
import type { Message } from './message.js';
import { msg } from './messages.js';
import { factTitle, type WithEvents } from './vocabulary.js';

/** One problem in a patient's facts: the JSON pointer to it, a stable code, and the remedy. */
export interface FactFault {
  readonly pointer: string;
  readonly code: string;
  readonly message: Message;
}

/**
 * Contradictions in the facts as known on `today`, the hospital's calendar day. Empty: none. The guideline names the events.
 */
export function faultsOf(facts: PatientFacts, today: CalendarDate, guideline: WithEvents): FactFault[] {
  const { birthDate, diagnosisDate, enrolledOn, events } = facts;
  const faults: FactFault[] = [];
  const fault = (pointer: string, code: string, message: Message): void =>
    void faults.push({ pointer, code, message });

  if (birthDate > today)
    fault('/birthDate', 'date-in-future', msg('date-in-future', { date: birthDate, today }));
  if (diagnosisDate > today)
    fault('/diagnosisDate', 'date-in-future', msg('date-in-future', { date: diagnosisDate, today }));
  if (enrolledOn !== undefined && enrolledOn > today)
    fault('/enrolledOn', 'date-in-future', msg('enrolment-in-future', { date: enrolledOn, today }));
  if (enrolledOn !== undefined && enrolledOn < birthDate)
    fault('/enrolledOn', 'before-birth', msg('before-birth', { date: enrolledOn, birthDate }));
  if (diagnosisDate < birthDate)
    fault('/diagnosisDate', 'before-birth', msg('before-birth', { date: diagnosisDate, birthDate }));

  const deaths = events.filter(isDeath).map(({ date }) => date);
  const death = deaths.length === 0 ? undefined : deaths.reduce((a, b) => (a < b ? a : b));
  for (const [index, event] of events.entries())
    for (const { code, message } of faultsOfEvent(event, { birthDate, diedOn: death, today }, guideline))
      fault(`/events/${index}/date`, code, message);
  return faults;
}

/** Contradictions in one event: it lies in the future, before birth, or after the earliest death. */
export function faultsOfEvent(
  fact: ClinicalFact,
  {
    birthDate,
    diedOn,
    today,
  }: {
    readonly birthDate: CalendarDate;
    readonly diedOn: CalendarDate | undefined;
    readonly today: CalendarDate;
  },
  guideline: WithEvents,
): FactFault[] {
  const { date } = fact;
  const event = factTitle(fact, guideline);
  const faults: FactFault[] = [];
  const fault = (code: string, message: Message): void =>
    void faults.push({ pointer: '/date', code, message });
  if (date > today) fault('date-in-future', msg('event-in-future', { event, date, today }));
  if (date < birthDate) fault('before-birth', msg('event-before-birth', { event, date, birthDate }));
  if (diedOn !== undefined && date > diedOn)
    fault('after-death', msg('after-death', { event, date, death: diedOn }));
  return faults;
}
