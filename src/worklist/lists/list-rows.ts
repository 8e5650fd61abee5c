import { In } from 'typeorm';
import { addDays, type CalendarDate, toDayNumber } from '../../guideline/calendar.js';
import { statusOn } from '../../guideline/planned-item.js';
import { withheldAbout, type Withheld } from '../../patients/consent.js';
import { shownNames } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { type Nurse, nursesOf } from '../../patients/responsible-nurse.js';
import { type EscalatedTo, escalatedTo } from '../../schedules/reminder-calendar.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type ReminderPolicy, rulesFor } from '../../tenancy/policy/reminder-policy.js';
import { presentNames } from '../changes/presence.js';
import { type ListedContact, listedContacts } from '../contacts/contact-lists.js';
import type { ListSettings } from '../settings/list-settings.js';
import { listsOf } from './list-membership.js';
import type { ListName } from './list-sources.js';

/** What a row says of a patient. */
export interface PatientOfRow {
  readonly patient: Patient;
  /** Null: the caller may not see it. */
  readonly name: string | null;
  readonly nurse: Nurse | null;
  /** Why no message about the patient is sent, so that only readers of this list know of the item; null: messages are sent. */
  readonly withheld: Withheld | null;
  /** The attempts to reach the patient; null: there was none. */
  readonly contact: ListedContact | null;
  /** Who works on the patient at this moment. */
  readonly workingNow: readonly string[];
}

/** What a row says of an item. */
export interface ItemOfRow {
  readonly item: SurveillanceItem;
  readonly today: CalendarDate;
  /** The role to which the late item is escalated; null: it is not escalated. */
  readonly escalatedTo: EscalatedTo | null;
}

export type ItemInView = PatientOfRow & ItemOfRow;

/** A patient with all that is open now, by due date. */
export interface PatientInView extends PatientOfRow {
  readonly items: readonly (ItemOfRow & { readonly inList: boolean })[];
}

/** The patients of these ids, in the order of the ids; a fixed number of queries. */
export async function patientsInView(
  tx: HospitalTransaction,
  patientIds: readonly string[],
  list: ListName | undefined,
  settings: ListSettings,
): Promise<PatientInView[]> {
  const { db, hospital, today } = tx;
  const of = await patientsOfRows(tx, patientIds);
  const items = await db
    .createQueryBuilder(SurveillanceItem, 'item')
    .where('item.hospitalId = :hospitalId AND item.patientId = ANY(:patientIds)', {
      hospitalId: hospital.id,
      patientIds,
    })
    .andWhere(
      `item.state = 'active' AND (item.step IS NOT NULL
         OR (NOT item.before_enrolment AND item.earliest <= :until AND (item.missed_on > :today OR item.missed_on IS NULL)))`,
      { today, until: addDays(today, settings.bookAheadDays) },
    )
    .orderBy('item.due')
    .addOrderBy('item.id')
    .getMany();
  const byPatient = new Map(patientIds.map((id) => [id, [] as SurveillanceItem[]]));
  for (const item of items) byPatient.get(item.patientId)?.push(item);
  return patientIds.flatMap((id) => {
    const patient = of.get(id);
    if (patient === undefined) return [];
    const open = (byPatient.get(id) ?? []).map((item) => ({
      ...itemOfRow(tx, item),
      inList: listsOf(item, today, settings).some((name) => name === list),
    }));
    return [{ ...patient, items: open }];
  });
}

/** The items of these ids with their patients, in the order of the ids; a fixed number of queries. */
export async function itemsInView(
  tx: HospitalTransaction,
  itemIds: readonly string[],
): Promise<ItemInView[]> {
  const items = await tx.db.findBy(SurveillanceItem, { hospitalId: tx.hospital.id, id: In([...itemIds]) });
  const byId = new Map(items.map((item) => [item.id, item]));
  const of = await patientsOfRows(
    tx,
    items.map(({ patientId }) => patientId),
  );
  return itemIds.flatMap((id) => {
    const item = byId.get(id);
    const patient = item && of.get(item.patientId);
    return patient ? [{ ...patient, ...itemOfRow(tx, item) }] : [];
  });
}

/** What rows say of these patients, by id. Names, nurses, consents and the like are read in one query each. */
export async function patientsOfRows(
  tx: HospitalTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PatientOfRow>> {
  const patients = await tx.db.findBy(Patient, { hospitalId: tx.hospital.id, id: In([...new Set(ids)]) });
  const names = await shownNames(tx, patients);
  const nurses = await nursesOf(tx, patients);
  const patientIds = patients.map(({ id }) => id);
  const withheld = await withheldAbout(tx, patientIds);
  const contacts = await listedContacts(tx, patientIds);
  const present = await presentNames(tx, patientIds);
  return new Map(
    patients.map((patient) => [
      patient.id,
      {
        patient,
        name: names.get(patient.id) ?? null,
        nurse: nurses.get(patient.id) ?? null,
        withheld: withheld.get(patient.id) ?? null,
        contact: contacts.get(patient.id) ?? null,
        workingNow: present.get(patient.id) ?? [],
      },
    ]),
  );
}

export const itemOfRow = (
  { today, hospital }: Pick<HospitalTransaction, 'today' | 'hospital'>,
  item: SurveillanceItem,
): ItemOfRow => ({ item, today, escalatedTo: escalatedNow(item, today, hospital.policy.reminders) });

function escalatedNow(
  item: SurveillanceItem,
  today: CalendarDate,
  policy: ReminderPolicy,
): EscalatedTo | null {
  return statusOn(today, item) === 'overdue'
    ? escalatedTo(toDayNumber(today) - toDayNumber(item.overdue), rulesFor(policy, item.activity))
    : null;
}
