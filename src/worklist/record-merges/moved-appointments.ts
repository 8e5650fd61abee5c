import { Any, IsNull } from 'typeorm';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Appointment, AppointmentItem } from '../appointments/appointment.entity.js';
import { outsideItems } from '../appointments/appointment-refusals.js';
import { coverItems, markOutside, uncoverItems } from '../appointments/appointment-rows.js';
import type { Counterparts } from './carried-steps.js';
import type { MovedAppointment } from './record-merge.entity.js';

/** An open appointment of a record, with its items. */
export interface OpenAppointment {
  readonly appointment: Appointment;
  readonly items: readonly Pick<AppointmentItem, 'itemId' | 'outsideWindow'>[];
}

/** The open appointments of a record, two queries. To be read before its plan ends, which marks each of them. */
export async function openAppointmentsOf(
  { db, hospital }: HospitalTransaction,
  patientId: string,
): Promise<readonly OpenAppointment[]> {
  const hospitalId = hospital.id;
  const appointments = await db.find(Appointment, {
    where: { hospitalId, patientId, outcome: IsNull() },
    order: { date: 'ASC', id: 'ASC' },
  });
  const ids = appointments.map(({ id }) => id);
  const rows = await db.findBy(AppointmentItem, { hospitalId, appointmentId: Any(ids), isOpen: true });
  return appointments.map((appointment) => ({
    appointment,
    items: rows.filter(({ appointmentId }) => appointmentId === appointment.id),
  }));
}

/**
 * Makes them appointments of the target, for its own items. One that cannot cover all that it covered needs attention: the
 * target has the exam on another appointment, or no longer in its plan.
 */
export async function moveAppointments(
  tx: HospitalTransaction,
  targetId: string,
  open: readonly OpenAppointment[],
  counterparts: Counterparts,
): Promise<readonly MovedAppointment[]> {
  const moved: MovedAppointment[] = [];
  for (const { appointment, items } of open) {
    const { id, date, attentionSince } = appointment;
    const covered = items.flatMap(({ itemId }) => counterparts.get(itemId) ?? []);
    const outside = (await outsideItems(tx, covered, date)).map(({ item }) => item.id);
    await replaceItems(
      tx,
      { id, patientId: targetId },
      covered.map((item) => item.id),
    );
    await markOutside(tx, id, outside);
    const isWhole = covered.length === items.length;
    const version = await update(tx, id, {
      patientId: targetId,
      attentionSince: isWhole ? attentionSince : (attentionSince ?? tx.now),
      outsideWindow: covered.length > 0 ? outside.length > 0 : appointment.outsideWindow,
    });
    const { outsideWindow } = appointment;
    moved.push({
      ...{ id, version, outsideWindow, attentionSince: attentionSince?.toISOString() ?? null },
      items: items.map((item) => ({ id: item.itemId, outsideWindow: item.outsideWindow })),
    });
  }
  return moved;
}

/**
 * Gives the source its appointments back; returns the ids of the source's items that are booked by them. One that was
 * changed since stays with the target, and needs attention.
 */
export async function giveAppointmentsBack(
  tx: HospitalTransaction,
  sourceId: string,
  moved: readonly MovedAppointment[],
): Promise<ReadonlySet<string>> {
  const booked = new Set<string>();
  for (const { id, version, items, outsideWindow, attentionSince } of moved) {
    const found = await tx.db.findOneBy(Appointment, { id, hospitalId: tx.hospital.id });
    if (!found || found.outcome !== null) continue;
    if (found.version !== version) {
      await update(tx, id, { attentionSince: found.attentionSince ?? tx.now });
      continue;
    }
    await replaceItems(
      tx,
      { id, patientId: sourceId },
      items.map((item) => item.id),
    );
    await markOutside(
      tx,
      id,
      items.filter((item) => item.outsideWindow).map((item) => item.id),
    );
    const since = attentionSince === null ? null : new Date(attentionSince);
    await update(tx, id, { patientId: sourceId, outsideWindow, attentionSince: since });
    for (const item of items) booked.add(item.id);
  }
  return booked;
}

async function replaceItems(
  tx: HospitalTransaction,
  appointment: Pick<Appointment, 'id' | 'patientId'>,
  itemIds: readonly string[],
): Promise<void> {
  const rows = await tx.db.findBy(AppointmentItem, {
    ...{ hospitalId: tx.hospital.id, appointmentId: appointment.id },
  });
  await uncoverItems(
    tx,
    appointment.id,
    rows.map(({ itemId }) => itemId),
  );
  await coverItems(tx, appointment, itemIds);
}

/** Returns the version from now on. */
async function update(
  { db, hospital, caller, now }: HospitalTransaction,
  id: string,
  changes: Partial<Appointment>,
): Promise<number> {
  const which = { id, hospitalId: hospital.id };
  const { version } = await db.findOneByOrFail(Appointment, which);
  const by = { version: version + 1, changedBy: caller.name, changedAt: now };
  await db.update(Appointment, which, { ...changes, ...by });
  return version + 1;
}
