import type { TestApp } from './app.js';
import { answered } from './ward.js';
import { allRows, type Reader } from './whole-ward.js';

/** A step as `GET /items/{id}/history` shows it. */
export interface StepShown {
  readonly number: number;
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly on: string | null;
  readonly until: string | null;
  readonly author: string;
  readonly appointmentId: string | null;
  readonly eventId: string | null;
  readonly undone: { readonly by: string } | null;
}

/** An item as `GET /items/{id}` shows it. */
export interface ItemNow {
  readonly id: string;
  readonly patientId: string;
  readonly activity: string;
  readonly due: string;
  readonly step: string;
  readonly stepOn: string | null;
  readonly stepUntil: string | null;
  readonly returned: boolean;
  readonly etag: string;
}

export interface Position {
  readonly step: string;
  readonly on: string | null;
  readonly until: string | null;
}

export const UNTOUCHED: Position = { step: 'to_book', on: null, until: null };

/** The oldest first. */
export const historyOf = async (t: TestApp, itemId: string, reader: Reader): Promise<StepShown[]> =>
  (await allRows<StepShown>(t, `/items/${itemId}/history`, reader, 50)).reverse();

/** An appointment as `GET /patients/{id}/appointments` shows it. */
export interface AppointmentShown {
  readonly id: string;
  readonly etag: string;
  readonly date: string;
  readonly outcome: string | null;
  readonly attentionSince: string | null;
}

export const appointmentsOf = (t: TestApp, patientId: string, reader: Reader): Promise<AppointmentShown[]> =>
  allRows<AppointmentShown>(t, `/patients/${patientId}/appointments`, reader);

/** What the history of an item depends on besides its steps. */
export interface Circumstances {
  readonly appointments: readonly AppointmentShown[];
  /** The events that were voided: a completion by one of them counts no longer. */
  readonly voided: readonly string[];
}

/**
 * Where the steps leave an item, and each step that does not begin where the one before ended. An item that was booked
 * while the plan did not ask for it stands where the outcome of its appointment says.
 */
export function replayed(
  history: readonly StepShown[],
  { appointments, voided }: Circumstances,
): { readonly position: Position; readonly gaps: readonly string[] } {
  const gaps: string[] = [];
  let position = UNTOUCHED;
  let appointmentId: string | null = null;
  const afterVisit = (): Position => {
    const visit = appointments.find(({ id }) => id === appointmentId);
    if (position.step !== 'booked' || !visit) return position;
    // It may also have been moved while its item was done.
    return visit.outcome === null ? { ...position, on: visit.date } : afterOutcome(visit);
  };
  for (const step of history.filter(({ undone }) => undone === null)) {
    if (step.from !== position.step) position = afterVisit();
    if (step.from !== position.step) gaps.push(`step ${step.number} from ${step.from}, not ${position.step}`);
    if (step.step === 'complete' && voided.includes(step.eventId ?? '')) continue;
    position = { step: step.to, on: step.on, until: step.until };
    appointmentId = step.appointmentId;
  }
  return { position: afterVisit(), gaps };
}

const afterOutcome = ({ outcome, date }: AppointmentShown): Position =>
  outcome === 'attended' || outcome === 'not_attended' ? { step: outcome, on: date, until: null } : UNTOUCHED;

/** Where an item with this stored position stands on `today`: what was put off until a day returns by itself. */
export const isBack = ({ step, until }: Position, today: string): boolean =>
  (step === 'deferred' || step === 'contraindicated') && until !== null && until <= today;

export async function circumstancesOf(t: TestApp, patientId: string, reader: Reader): Promise<Circumstances> {
  const { items } = await answered<{ items: { id: string; voidedAt: string | null }[] }>(
    t.get(`/patients/${patientId}/events`, reader),
  );
  const voided = items.filter(({ voidedAt }) => voidedAt !== null).map(({ id }) => id);
  return { appointments: await appointmentsOf(t, patientId, reader), voided };
}

/** What differs between an open item and the replay of its history. */
export function historyGaps(
  item: ItemNow,
  history: readonly StepShown[],
  circumstances: Circumstances,
  today: string,
): string[] {
  if (item.step === 'completed' || item.step === 'cancelled') return [];
  const { position, gaps } = replayed(history, circumstances);
  const returned = isBack(position, today);
  const step = returned ? 'to_book' : position.step;
  const expected = { step, stepOn: position.on, stepUntil: position.until, returned };
  const shown = { step: item.step, stepOn: item.stepOn, stepUntil: item.stepUntil, returned: item.returned };
  const differs = JSON.stringify(expected) !== JSON.stringify(shown);
  return [
    ...gaps,
    ...(differs ? [`history says ${JSON.stringify(expected)}, the item ${JSON.stringify(shown)}`] : []),
  ].map((gap) => `${item.activity} of ${item.due} (${item.id}): ${gap}`);
}
