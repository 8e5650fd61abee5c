import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { faultsOf } from '../../guideline/fact-faults.js';
import { isDeath } from '../../guideline/facts.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { readEvent } from '../../patients/clinical-event-input.js';
import { EventHistory, refuseTooMany } from '../../patients/event-history.js';
import { measuredEvent, refuseDoubts } from '../../patients/measured-event.js';
import type { Patient } from '../../patients/patient.entity.js';
import { eventOf, factsOf } from '../../patients/recorded-events.js';
import type { PreviewInput } from './preview-input.js';
import { msg } from '../../platform/messages/dictionary.js';

/**
 * An event of a hypothetical history. `pointer` leads to its date in the request; null if the request does not change
 * it.
 */
interface HypotheticalEvent {
  readonly event: ClinicalEvent;
  readonly pointer: string | null;
}

/**
 * The active events after the change. Refuses (422) what the real calls would refuse, and names the field of the
 * preview.
 */
export function eventsAfter(
  change: PreviewInput,
  patient: Patient,
  active: readonly ClinicalEvent[],
  tx: HospitalTransaction,
): ClinicalEvent[] {
  refuseUnknown(change, active);
  const hypothetical: HypotheticalEvent[] = active
    .filter(({ id }) => !change.void.includes(id))
    .map((event) => corrected(event, change));
  const history = new EventHistory(
    patient,
    hypothetical.map(({ event }) => event),
    tx.hospital.guideline,
  );
  for (const [index, input] of change.events.entries()) {
    const pointer = `/events/${index}`;
    const measured = measuredEvent(tx, readEvent(input, tx.hospital.guideline, pointer), history);
    if ('faults' in measured)
      throw invalid('invalid-input', msg('invalid-input'), at(pointer, measured.faults));
    // As in the real call, a fact that is already recorded is not added again.
    if (history.same(measured.fact)) continue;
    refuseTooMany(history, measured.fact);
    refuseDoubts({ ...measured, doubts: at(pointer, measured.doubts) });
    const event = eventOf(patient, measured.fact, tx, measured);
    history.add(event);
    hypothetical.push({ event, pointer: `${pointer}/date` });
  }
  refuseFaults(patient, hypothetical, tx);
  return hypothetical.map(({ event }) => event);
}

const at = (pointer: string, faults: readonly FieldFault[]): FieldFault[] =>
  faults.map((fault) => ({ ...fault, pointer: `${pointer}${fault.pointer}` }));

function corrected(event: ClinicalEvent, { correct }: PreviewInput): HypotheticalEvent {
  const index = correct.findLastIndex(({ eventId }) => eventId === event.id);
  const correction = correct[index];
  return correction === undefined
    ? { event, pointer: null }
    : { event: { ...event, date: correction.date }, pointer: `/correct/${index}/date` };
}

function refuseFaults(
  patient: Patient,
  hypothetical: readonly HypotheticalEvent[],
  tx: HospitalTransaction,
): void {
  const facts = factsOf(
    patient,
    hypothetical.map(({ event }) => event),
  );
  // Only a changed death can contradict an event that the request does not change.
  const death = hypothetical.find(({ event, pointer }) => isDeath(event) && pointer !== null);
  const pointers = new Map(
    hypothetical.map(({ pointer }, index) => [`/events/${index}/date`, pointer ?? death?.pointer]),
  );
  const faults = faultsOf({ ...facts, enrolledOn: undefined }, tx.today, tx.hospital.guideline ?? {}).map(
    ({ pointer, code, message }) => ({
      pointer: pointers.get(pointer) ?? '',
      code,
      message,
    }),
  );
  if (faults.length > 0)
    throw invalid(
      'contradictory-dates',
      msg('contradictory-dates', { faults: faults.map(({ message }) => message) }),
      faults,
    );
}

function refuseUnknown({ void: voided, correct }: PreviewInput, active: readonly ClinicalEvent[]): void {
  const known = new Set(active.map(({ id }) => id));
  const asked = [
    ...voided.map((id, index) => ({ id, pointer: `/void/${index}` })),
    ...correct.map(({ eventId: id }, index) => ({ id, pointer: `/correct/${index}/eventId` })),
  ];
  const message = msg('unknown-event');
  const faults = asked
    .filter(({ id }) => !known.has(id))
    .map(({ pointer }): FieldFault => ({ pointer, code: 'unknown-event', message }));
  if (faults.length > 0) throw invalid('unknown-event', message, faults);
}
