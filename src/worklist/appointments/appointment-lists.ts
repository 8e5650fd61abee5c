import type { CalendarDate } from '../../guideline/calendar.js';
import { type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { Appointment } from './appointment.entity.js';
import { openTexts } from './appointment-rows.js';

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
