import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** By which the systems of the hospital name one appointment (SCH-1 and SCH-2). */
export interface AppointmentNames {
  readonly sender: string;
  readonly placerId: string | undefined;
  readonly fillerId: string | undefined;
}

export interface LinkedAppointment {
  readonly id: string;
  readonly patientId: string;
  /** Undefined where a message ended an appointment that was never booked here. */
  readonly appointmentId: string | undefined;
  /** When the newest message about it was sent. */
  readonly sentAt: Date;
}

/** Which appointment a hospital system means. */
@Injectable()
export class LinkedAppointments {
  /** By the number of the filler, else by that of the placer. The caller has locked the patient. */
  async find(
    { db, hospital }: HospitalTransaction,
    { sender, placerId, fillerId }: AppointmentNames,
  ): Promise<LinkedAppointment | undefined> {
    const [row] = await db.query<
      (Omit<LinkedAppointment, 'appointmentId'> & { appointmentId: string | null })[]
    >(
      `SELECT id, patient_id AS "patientId", appointment_id AS "appointmentId", sent_at AS "sentAt" FROM linked_appointment
        WHERE hospital_id = $1 AND sender = $2 AND (filler_id = $3 OR placer_id = $4)
        ORDER BY (filler_id IS NOT DISTINCT FROM $3) DESC, id DESC LIMIT 1`,
      [hospital.id, sender, fillerId ?? null, placerId ?? null],
    );
    return row && { ...row, appointmentId: row.appointmentId ?? undefined };
  }

  /** Whether a hospital system has named this appointment. */
  async isLinked({ db, hospital }: HospitalTransaction, appointmentId: string): Promise<boolean> {
    const [row] = await db.query<{ found: boolean }[]>(
      'SELECT EXISTS (SELECT FROM linked_appointment WHERE hospital_id = $1 AND appointment_id = $2) AS found',
      [hospital.id, appointmentId],
    );
    return row?.found === true;
  }

  async store(
    { db, hospital }: HospitalTransaction,
    { sender, placerId, fillerId }: AppointmentNames,
    {
      id = uuidv7(),
      patientId,
      appointmentId,
      sentAt,
    }: Omit<LinkedAppointment, 'id'> & { readonly id?: string | undefined },
  ): Promise<void> {
    await db.query(
      `INSERT INTO linked_appointment (hospital_id, id, sender, placer_id, filler_id, patient_id, appointment_id, sent_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (hospital_id, id) DO UPDATE
         SET placer_id = coalesce(excluded.placer_id, linked_appointment.placer_id),
             filler_id = coalesce(excluded.filler_id, linked_appointment.filler_id),
             appointment_id = excluded.appointment_id, sent_at = excluded.sent_at`,
      [hospital.id, id, sender, placerId ?? null, fillerId ?? null, patientId, appointmentId ?? null, sentAt],
    );
  }
}
