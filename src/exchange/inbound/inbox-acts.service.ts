import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { type ClinicalEventInput, readEvent } from '../../patients/clinical-event-input.js';
import { shownNames } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { type Recorded, SchedulesService } from '../../schedules/schedules.service.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import type { ReportKey } from './applied-change.js';
import { Inbox, type InboxContent, type InboxEntry, type InboxQuery } from './inbox.js';
import { ReportedExams } from './reported-exams.js';

/** An entry with the patient whom it is about. */
export interface ShownEntry extends InboxEntry {
  /** `name` null: the caller may not see it. */
  readonly patient: { readonly mrn: string; readonly name: string | null };
}

export interface OpenedEntry {
  readonly entry: ShownEntry;
  readonly content: InboxContent | null;
  readonly closing: string | null;
}

/** What people do about messages that could not be interpreted. */
@Injectable()
export class InboxActs {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly inbox: Inbox,
    private readonly exams: ReportedExams,
  ) {}

  async list(query: InboxQuery): Promise<readonly ShownEntry[]> {
    return this.scope.transaction(async (tx) => {
      if (query.patientId !== undefined) await this.patients.find(tx, query.patientId);
      const found = await this.inbox.list(tx, query);
      for (const { patientId } of found.slice(0, query.limit)) notePatient(patientId);
      return withPatients(tx, found);
    });
  }

  async find(id: string): Promise<OpenedEntry> {
    return this.scope.transaction(async (tx) => {
      const found = await this.inbox.find(tx, id);
      await this.patients.find(tx, found.entry.patientId);
      return opened(tx, found);
    });
  }

  /**
   * Records what the message says, as the person, and closes the entry. An earlier version that was read is voided in the
   * same transaction.
   */
  async enter(id: string, input: ClinicalEventInput): Promise<Recorded> {
    return this.scope.joined(async (tx) => {
      const { entry } = await this.openEntry(tx, id);
      if (entry.subject === 'appointment')
        throw new DomainError('conflict', 'inbox-appointment', msg('inbox-appointment'));
      const { patientId } = entry;
      const event = readEvent(input, tx.hospital.guideline, '/event');
      const key = reportKeyOf(entry, event.type);
      const before = await this.exams.find(tx, key);
      if (before?.eventId !== undefined)
        await this.schedules.voidEvent(before.patientId, before.eventId, key.report);
      const recorded = await this.schedules.recordEvent(patientId, event);
      const reportedAt = before?.reportedAt ?? '';
      await this.exams.store(tx, key, {
        patientId,
        eventId: recorded.event.id,
        reportedAt,
        messageId: entry.sourceId,
      });
      await this.inbox.close(tx, id, { state: 'entered', eventId: recorded.event.id });
      return recorded;
    });
  }

  /** Closes the entry without a record; `reason` says why. */
  async dismiss(id: string, reason: string): Promise<OpenedEntry> {
    return this.scope.transaction(async (tx) => {
      await this.openEntry(tx, id);
      await this.inbox.close(tx, id, { state: 'dismissed', words: reason });
      return opened(tx, await this.inbox.find(tx, id));
    });
  }

  /** Locks patient and entry. Refuses (409) one that is closed. Of a merged patient the record that it was merged into is meant. */
  private async openEntry(tx: HospitalTransaction, id: string): Promise<{ readonly entry: InboxEntry }> {
    const { entry: seen } = await this.inbox.find(tx, id);
    const { mergedInto } = await this.patients.find(tx, seen.patientId);
    const patientId = mergedInto ?? seen.patientId;
    await this.patients.lock(tx, patientId);
    const found = await this.inbox.find(tx, id, { lock: true });
    const { state, closedBy } = found.entry;
    if (state !== 'open')
      throw new DomainError(
        'conflict',
        'inbox-entry-closed',
        msg('inbox-entry-closed', { author: closedBy ?? '' }),
      );
    return { entry: { ...found.entry, patientId } };
  }
}

/** The same entries with their patients; two queries. */
async function withPatients(
  tx: HospitalTransaction,
  entries: readonly InboxEntry[],
): Promise<readonly ShownEntry[]> {
  const id = Any([...new Set(entries.map(({ patientId }) => patientId))]);
  const patients = await tx.db.findBy(Patient, { hospitalId: tx.hospital.id, id });
  const names = await shownNames(
    tx,
    patients.filter(({ erasedAt }) => erasedAt === null),
  );
  const mrns = new Map(patients.map((patient) => [patient.id, patient.mrn]));
  return entries.map((entry) => ({
    ...entry,
    patient: { mrn: mrns.get(entry.patientId) ?? '', name: names.get(entry.patientId) ?? null },
  }));
}

async function opened(
  tx: HospitalTransaction,
  { entry, ...rest }: Awaited<ReturnType<Inbox['find']>>,
): Promise<OpenedEntry> {
  const [shown] = await withPatients(tx, [entry]);
  if (shown === undefined) throw new Error('An entry that was found is missing.');
  return { entry: shown, ...rest };
}

/** Of a report that names no single activity, or of an event: by the type of what is recorded. */
function reportKeyOf({ subject, key, activity }: InboxEntry, type: string): ReportKey {
  const ending = subject === 'report' ? (activity ?? '') : key.slice(key.lastIndexOf(' ') + 1);
  return { report: key.slice(0, key.length - ending.length - 1), activity: ending === '' ? type : ending };
}
