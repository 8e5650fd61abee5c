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
 * The appointment with its items, which have rows since they were booked. An open one has only those that it still covers:
 * an item that was settled before may have another appointment.
 */
export async function withItems(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  appointment: Appointment,
): Promise<AppointmentWithItems> {
  const all = await db.findBy(AppointmentItem, { hospitalId: hospital.id, appointmentId: appointment.id });
  const rows = all.filter(({ isOpen }) => isOpen || appointment.outcome !== null);
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

export const appointmentETag = ({ version }: Pick<Appointment, 'version'>): string => `"${version}"`;
