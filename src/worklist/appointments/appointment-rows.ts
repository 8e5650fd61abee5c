import { Any } from 'typeorm';
import type { SealContext } from '../../encryption/hospital-keys.js';
import { notFound } from '../../platform/domain-error.js';
import type { SchedulesService } from '../../schedules/schedules.service.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { PatientsService } from '../../patients/patients.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Appointment, AppointmentItem } from './appointment.entity.js';

/** The columns that are stored sealed. */
const SEALED = {
  room: 'room',
  note: 'note',
  reasonNote: 'reason_note',
  outcomeNote: 'outcome_note',
} as const;
export type SealedTexts = Pick<Appointment, keyof typeof SEALED>;

const contextOf = (row: string, text: keyof typeof SEALED): SealContext => ({
  ...{ table: 'appointment', column: SEALED[text], row },
});

const names = Object.keys(SEALED) as (keyof typeof SEALED)[];

/** The texts among these columns as they are stored. */
export async function sealTexts<T extends Partial<SealedTexts>>(
  tx: Pick<HospitalTransaction, 'keys'>,
  id: string,
  texts: T,
): Promise<T> {
  const given = names.flatMap((name) =>
    typeof texts[name] === 'string' ? [[name, texts[name]] as const] : [],
  );
  if (given.length === 0) return texts;
  const keys = await tx.keys();
  return {
    ...texts,
    ...Object.fromEntries(given.map(([name, text]) => [name, keys.seal(text, contextOf(id, name))])),
  };
}

/** The appointments with their texts opened. */
export async function openTexts(
  tx: Pick<HospitalTransaction, 'keys'>,
  stored: readonly Appointment[],
): Promise<Appointment[]> {
  const sealed = stored.flatMap((one) => names.map((name) => one[name]));
  if (sealed.every((text) => text === null)) return [...stored];
  const keys = await tx.keys(sealed);
  return stored.map((one) => ({
    ...one,
    ...Object.fromEntries(
      names.map((name) => {
        const text = one[name];
        return [name, text === null ? null : keys.open(text, contextOf(one.id, name))];
      }),
    ),
  }));
}

/** An appointment with its items as they are now. */
export interface AppointmentWithItems {
  readonly appointment: Appointment;
  readonly items: readonly { readonly item: SurveillanceItem; readonly outsideWindow: boolean }[];
}

/** Locks the patient of an appointment, and with it appointment and items, until the transaction ends. */
export async function lockAppointment(
  tx: HospitalTransaction,
  id: string,
  { patients, schedules }: { readonly patients: PatientsService; readonly schedules: SchedulesService },
): Promise<AppointmentWithItems> {
  const which = { id, hospitalId: tx.hospital.id };
  const found = await tx.db.findOneBy(Appointment, which);
  if (!found) throw notFound('appointment', id);
  await patients.lock(tx, found.patientId);
  const [first] = await tx.db.findBy(AppointmentItem, { hospitalId: tx.hospital.id, appointmentId: id });
  // Brings a stale plan in line, which may change all items and mark the appointment.
  if (first) await schedules.lockItem(tx, first.itemId);
  return withItems(tx, await tx.db.findOneByOrFail(Appointment, which));
}

/**
 * The appointment with its items, which have rows since they were booked. Of an open one, without those that it no longer
 * covers: another appointment may.
 */
export async function withItems(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  appointment: Appointment,
): Promise<AppointmentWithItems> {
  const rows = await db.findBy(AppointmentItem, {
    ...{ hospitalId: hospital.id, appointmentId: appointment.id },
    ...(appointment.outcome === null && { isOpen: true }),
  });
  const outside = new Map(rows.map(({ itemId, outsideWindow }) => [itemId, outsideWindow]));
  const items = await db.find(SurveillanceItem, {
    where: { hospitalId: hospital.id, id: Any([...outside.keys()]) },
    order: { due: 'ASC', id: 'ASC' },
  });
  return {
    appointment,
    items: items.map((item) => ({ item, outsideWindow: outside.get(item.id) ?? false })),
  };
}

/** Adds items to an open appointment, or reopens those that it covered. */
export async function coverItems(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  { id, patientId }: Pick<Appointment, 'id' | 'patientId'>,
  itemIds: readonly string[],
): Promise<void> {
  await db.query(
    `INSERT INTO appointment_item (hospital_id, appointment_id, patient_id, item_id, outside_window, is_open)
     SELECT $1, $2, $3, unnest($4::uuid[]), false, true
         ON CONFLICT (hospital_id, appointment_id, item_id) DO UPDATE SET is_open = true`,
    [hospital.id, id, patientId, itemIds],
  );
}

/** Takes items off an appointment. The steps of the items keep that it covered them. */
export async function uncoverItems(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  appointmentId: string,
  itemIds: readonly string[],
): Promise<void> {
  await db.query(
    'DELETE FROM appointment_item WHERE hospital_id = $1 AND appointment_id = $2 AND item_id = ANY ($3)',
    [hospital.id, appointmentId, itemIds],
  );
}

/** Marks, of the items of an open appointment, those outside whose window its day lies. */
export async function markOutside(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  appointmentId: string,
  itemIds: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE appointment_item SET outside_window = item_id = ANY ($3)
      WHERE hospital_id = $1 AND appointment_id = $2 AND is_open`,
    [hospital.id, appointmentId, itemIds],
  );
}

/** An item with an appointment that has not ended. */
export const isBooked = ({ state, step }: Pick<SurveillanceItem, 'state' | 'step'>): boolean =>
  state === 'active' && step === 'booked';

export const appointmentETag = ({ version }: Pick<Appointment, 'version'>): string => `"${version}"`;
