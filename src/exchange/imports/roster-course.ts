import type { FieldFault } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { EventHistory, messageOfLimit } from '../../patients/event-history.js';
import { measuredEvent } from '../../patients/measured-event.js';
import type { Patient } from '../../patients/patient.entity.js';
import { eventOf } from '../../patients/recorded-events.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { withRises } from './event-import.js';
import type { CourseEntry, RosterEntry } from './rows/import-rows.js';
import { type ImportResult, rejectedRow, type ValidatedRow } from './import-result.js';

/** Validates what a spreadsheet reports after the operation, against the record and the earlier facts of the row. */
export class CourseValidation {
  private readonly histories = new Map<string, EventHistory>();

  constructor(private readonly tx: HospitalTransaction) {}

  /** The row with the events of its course. One that is bad holds the whole row; a recorded one changes nothing. */
  added(
    validated: ValidatedRow,
    recorded: readonly ClinicalEvent[],
    { course = [] }: RosterEntry,
  ): ValidatedRow {
    const { row, patient, events = [] } = validated;
    if (!patient || course.length === 0) return validated;
    const history = new EventHistory(patient, [...recorded, ...events], this.tx.hospital.guideline);
    const errors: FieldFault[] = [];
    const added: ClinicalEvent[] = [];
    let asks = true;
    for (const [at, entry] of course.entries()) {
      const checked = this.check(`/rows/${row.line}/course/${at}`, entry, patient, history);
      if ('faults' in checked) {
        errors.push(...checked.faults);
        asks &&= checked.asks;
      } else if (checked.event) {
        history.add(checked.event);
        added.push(checked.event);
      }
    }
    if (errors.length > 0) {
      const rejected = rejectedRow(row.line, row.mrn, errors);
      return { row: asks ? { ...rejected, result: 'asked' } : rejected };
    }
    this.histories.set(patient.id, history);
    const result = row.result === 'unchanged' && added.length > 0 ? 'updated' : row.result;
    return { ...validated, row: { ...row, result }, events: [...events, ...added] };
  }

  /** The events with the reasons of risen values. */
  withRises(events: readonly ClinicalEvent[]): Pick<ImportResult, 'events' | 'assessed'> {
    const ofRows = new Map([...this.histories]);
    return withRises(this.tx, events, ofRows);
  }

  private check(
    pointer: string,
    { event: input, written, confirmed }: CourseEntry,
    patient: Patient,
    history: EventHistory,
  ): { readonly event?: ClinicalEvent } | { readonly faults: readonly FieldFault[]; readonly asks: boolean } {
    const { tx } = this;
    const measured = measuredEvent(
      tx,
      confirmed ? { ...input, confirmed } : input,
      history,
      'confirm-in-file',
    );
    if ('faults' in measured)
      return {
        asks: true,
        faults: measured.faults.map(({ code, message }) => ({
          ...{ pointer, code },
          message: msg('ask-value-unclear', { written, detail: message }),
        })),
      };
    if (history.same(measured.fact)) return {};
    const limit = history.limitReached(measured.fact);
    if (limit !== null)
      return { asks: false, faults: [{ pointer, code: 'too-many-events', message: messageOfLimit(limit) }] };
    if (measured.doubts.length > 0)
      return {
        asks: true,
        faults: measured.doubts.map(({ code, message }) => ({
          ...{ pointer, code },
          message: msg('ask-value-confirm', { detail: message }),
        })),
      };
    const isHistory = measured.fact.date < patient.enrolledOn;
    const event = eventOf(patient, measured.fact, tx, { ...measured, isHistory });
    const faults = history
      .faultsWith(measured.fact, tx.today)
      .map(({ code, message }) => ({ pointer, code, message }));
    return faults.length > 0 ? { asks: false, faults } : { event };
  }
}
