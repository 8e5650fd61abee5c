import { Any } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import { shownNames } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { Appointment, AppointmentItem } from './appointment.entity.js';
import { type AppointmentWithItems, openTexts } from './appointment-rows.js';

/** An open appointment as a calendar shows it. */
export interface ListedAppointment extends AppointmentWithItems {
  readonly today: CalendarDate;
  readonly patient: Pick<Patient, 'mrn' | 'department'>;
  /** Null: the caller may not see it. */
  readonly name: string | null;
}

export interface OpenAppointments {
  /** First and last day, both included. */
  readonly from: CalendarDate | undefined;
  readonly to: CalendarDate | undefined;
  /** Only those that the plan has changed under. */
  readonly needsAttention: boolean;
  readonly limit: number;
  /** Day and id of the last one seen. */
  readonly after: readonly [CalendarDate, string] | undefined;
}

/** The appointments of these records, the latest day first; one more than `limit` says that there are more. */
export async function appointmentsOf(
  tx: HospitalTransaction,
  patientIds: readonly string[],
  limit: number,
  after: readonly [CalendarDate, string] | undefined,
): Promise<readonly Appointment[]> {
  const query = tx.db
    .createQueryBuilder(Appointment, 'a')
    .where('a.hospitalId = :hospitalId AND a.patientId = ANY (:patientIds)', {
      hospitalId: tx.hospital.id,
      patientIds,
    })
    .orderBy('a.date', 'DESC')
    .addOrderBy('a.id', 'DESC')
    .limit(limit + 1);
  if (after) query.andWhere('(a.date, a.id) < (:date, :id)', { date: after[0], id: after[1] });
  return openTexts(tx, await query.getMany());
}

/** The open appointments of the hospital, the earliest day first; one more than `limit` says that there are more. */
export async function openAppointments(
  tx: HospitalTransaction,
  { from, to, needsAttention, limit, after }: OpenAppointments,
): Promise<readonly Appointment[]> {
  const query = tx.db
    .createQueryBuilder(Appointment, 'a')
    .where('a.hospitalId = :hospitalId AND a.outcome IS NULL', { hospitalId: tx.hospital.id })
    .orderBy('a.date')
    .addOrderBy('a.id')
    .limit(limit + 1);
  if (needsAttention) query.andWhere('a.attentionSince IS NOT NULL');
  if (from !== undefined) query.andWhere('a.date >= :from', { from });
  if (to !== undefined) query.andWhere('a.date <= :to', { to });
  if (after) query.andWhere('(a.date, a.id) > (:date, :id)', { date: after[0], id: after[1] });
  const found = await query.getMany();
  for (const { patientId } of found.slice(0, limit)) notePatient(patientId);
  return openTexts(tx, found);
}

/** These open appointments with their patients and items, in the same order; a fixed number of queries. */
export async function listedAppointments(
  tx: HospitalTransaction,
  appointments: readonly Appointment[],
): Promise<readonly ListedAppointment[]> {
  const { db, hospital, today } = tx;
  const patientIds = [...new Set(appointments.map(({ patientId }) => patientId))];
  const patients = await db.findBy(Patient, { hospitalId: hospital.id, id: Any(patientIds) });
  const names = await shownNames(tx, patients);
  const byId = new Map(patients.map((patient) => [patient.id, patient]));
  const items = await openItemsOf(
    tx,
    appointments.map(({ id }) => id),
  );
  return appointments.flatMap((appointment) => {
    const patient = byId.get(appointment.patientId);
    if (patient === undefined) return [];
    const name = names.get(patient.id) ?? null;
    return [{ appointment, patient, name, today, items: items.get(appointment.id) ?? [] }];
  });
}

/** The items that these appointments cover, by appointment, those that are due first before the others. */
async function openItemsOf(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  appointmentIds: readonly string[],
): Promise<ReadonlyMap<string, AppointmentWithItems['items']>> {
  const rows = await db.findBy(AppointmentItem, {
    ...{ hospitalId: hospital.id, appointmentId: Any([...appointmentIds]), isOpen: true },
  });
  const covered = await db.find(SurveillanceItem, {
    where: { hospitalId: hospital.id, id: Any(rows.map(({ itemId }) => itemId)) },
    order: { due: 'ASC', id: 'ASC' },
  });
  const rowOf = new Map(rows.map((row) => [row.itemId, row]));
  const byAppointment = new Map<string, AppointmentWithItems['items'][number][]>();
  for (const item of covered) {
    const row = rowOf.get(item.id);
    if (row === undefined) continue;
    const { appointmentId, outsideWindow } = row;
    byAppointment.set(appointmentId, [...(byAppointment.get(appointmentId) ?? []), { item, outsideWindow }]);
  }
  return byAppointment;
}
