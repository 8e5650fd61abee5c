import { Injectable } from '@nestjs/common';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { order } from '../../guideline/calendar.js';
import { MOST_VOIDED_SHOWN } from '../../patients/event-history.js';
import { openEvents } from '../../patients/event-text.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { shownIdentities } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { PatientConsent } from '../../patients/patient-consent.entity.js';
import { nursesOf } from '../../patients/responsible-nurse.js';
import { MESSAGE_ROWS, type MessageRow, messageViews } from '../../patient-messages/message-rows.js';
import { storedPlans } from '../../schedules/stored-plan.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Appointment, AppointmentItem } from '../../worklist/appointments/appointment.entity.js';
import { openTexts } from '../../worklist/appointments/appointment-rows.js';
import { Contact } from '../../worklist/contacts/contact.entity.js';
import { openContacts } from '../../worklist/contacts/contact-rows.js';
import { namedOwners, staffOf } from '../../worklist/ownership/staff-rows.js';
import { lastSteps } from '../../worklist/steps/step-history.js';
import type { PatientRecord, RecordedPlan, RecordPart } from './resources/patient-record.js';

/** Of each kind and patient, the newest; thirty years of follow-up have fewer. */
const MOST_OF_A_KIND = 500;

type OfPatient = ObjectLiteral & { readonly patientId: string };

/** Loads records of patients, each part of all of them with a fixed number of queries. */
@Injectable()
export class PatientRecords {
  /** The records of these patients whom the caller sees, by id. Parts that are not named stay empty. */
  async load(
    tx: HospitalTransaction,
    patientIds: readonly string[],
    parts: ReadonlySet<RecordPart>,
  ): Promise<PatientRecord[]> {
    const { db, hospital } = tx;
    const found = await db
      .createQueryBuilder(Patient, 'p')
      .where('p.hospitalId = :hospital AND p.id = ANY (:ids)', { hospital: hospital.id, ids: patientIds })
      .orderBy('p.id')
      .getMany();
    const ids = found.map(({ id }) => id);
    const current = found.flatMap(({ id, mergedInto }) => (mergedInto === null ? [id] : []));
    const identities = await shownIdentities(tx, found);
    const nurses = await nursesOf(tx, found);
    const events = await eventsOf(tx, parts.has('events') ? current : []);
    const plans = await plansOf(tx, parts.has('plan') ? current : []);
    const appointments = await appointmentsOf(tx, parts.has('appointments') ? current : []);
    const asked = parts.has('consents') ? current : [];
    const consents = byPatient(await newestOf(tx, PatientConsent, asked, ['ordinal']));
    const contacted = parts.has('communications') ? ids : [];
    const contacts = byPatient(await contactsOf(tx, contacted));
    const messages = await messagesOf(tx, contacted);
    return found.map((patient) => {
      const { id } = patient;
      return {
        patient,
        identity: identities.get(id) ?? null,
        nurse: nurses.get(id) ?? null,
        events: events.get(id) ?? [],
        guideline: plans.get(id)?.planning.guideline ?? guidelineOf(tx),
        plan: plans.get(id) ?? null,
        appointments: appointments.get(id) ?? [],
        consents: withNewest(consents.get(id) ?? []),
        contacts: contacts.get(id) ?? [],
        messages: messages.get(id) ?? [],
      };
    });
  }
}

function guidelineOf({
  hospital,
}: HospitalTransaction): NonNullable<HospitalTransaction['hospital']['guideline']> {
  if (!hospital.guideline)
    throw new Error(`Hospital ${hospital.id} has no guideline ${hospital.policy.guideline}.`);
  return hospital.guideline;
}

function byPatient<T extends OfPatient>(rows: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const those = found.get(row.patientId);
    if (those) those.push(row);
    else found.set(row.patientId, [row]);
  }
  return found;
}

/** Of each patient the newest rows of a table, by these columns; one query. */
async function newestOf<T extends OfPatient>(
  { db, hospital }: HospitalTransaction,
  entity: EntityTarget<T>,
  patientIds: readonly string[],
  newestBy: readonly string[],
  { where = 'true', most = MOST_OF_A_KIND } = {},
): Promise<T[]> {
  if (patientIds.length === 0) return [];
  const { metadata } = db.getRepository(entity);
  const columns = newestBy.map((name) => metadata.findColumnWithPropertyName(name)?.databaseName ?? name);
  const query = db.createQueryBuilder(entity, 'e').where(
    `e.id IN (SELECT newest.id FROM unnest(:ids::uuid[]) AS asked (id), LATERAL (
       SELECT n.id FROM ${metadata.tableName} n WHERE n.hospital_id = :hospital AND n.patient_id = asked.id AND ${where}
        ORDER BY ${columns.map((column) => `n.${column} DESC`).join(', ')} LIMIT ${most}) AS newest)`,
    { ids: patientIds, hospital: hospital.id },
  );
  for (const name of newestBy) query.addOrderBy(`e.${name}`, 'DESC');
  return query.getMany();
}

/** Active events, and the latest voided ones, by date; two queries. */
async function eventsOf(
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, ClinicalEvent[]>> {
  const by = ['recordedAt', 'id'];
  const active = await newestOf(tx, ClinicalEvent, patientIds, by, { where: 'n.voided_at IS NULL' });
  const voided = await newestOf(tx, ClinicalEvent, patientIds, by, {
    ...{ where: 'n.voided_at IS NOT NULL', most: MOST_VOIDED_SHOWN },
  });
  const opened = await openEvents(tx, [...active, ...voided]);
  return byPatient([...opened].sort((a, b) => order(a.date, b.date) || order(a.id, b.id)));
}

async function plansOf(
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, RecordedPlan>> {
  if (patientIds.length === 0) return new Map();
  const plans = [...(await storedPlans(tx, patientIds)).values()];
  const items = plans.flatMap((plan) => [...plan.items, ...plan.cancelled]);
  const guidelines = await tx.guidelines.named(items.map(({ guideline }) => guideline));
  const steps = await lastSteps(
    tx,
    items.flatMap(({ id, steps: count }) => (count === null ? [] : [id])),
  );
  const staff = await staffOf(tx);
  const named = await namedOwners(tx, patientIds);
  return new Map(
    plans.map((plan) => {
      const { patient } = plan;
      const ownerOf = (activity: string) => {
        const asked = { activity, duty: 'books' } as const;
        const ownership = staff.ownerOf(patient, named.get(patient.id) ?? [], asked);
        return { ownership, names: ownership.personIds.map((id) => staff.person(id)?.name ?? '') };
      };
      return [patient.id, { ...plan, guidelines, steps, ownerOf }];
    }),
  );
}

async function appointmentsOf(
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, PatientRecord['appointments']>> {
  const stored = await newestOf(tx, Appointment, patientIds, ['date', 'id']);
  if (stored.length === 0) return new Map();
  const rows = await tx.db
    .createQueryBuilder(AppointmentItem, 'i')
    .where('i.hospitalId = :hospital AND i.appointmentId = ANY (:ids)', {
      ...{ hospital: tx.hospital.id, ids: stored.map(({ id }) => id) },
    })
    .orderBy('i.itemId')
    .getMany();
  const opened = await openTexts(tx, stored);
  const withItems = opened.map((appointment) => ({
    patientId: appointment.patientId,
    appointment,
    itemIds: rows
      .filter(
        ({ appointmentId, isOpen }) =>
          appointmentId === appointment.id && (isOpen || appointment.outcome !== null),
      )
      .map(({ itemId }) => itemId),
  }));
  return byPatient(withItems);
}

const contactsOf = async (
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<readonly Contact[]> =>
  openContacts(tx, await newestOf(tx, Contact, patientIds, ['recordedAt', 'id']));

async function messagesOf(
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, PatientRecord['messages']>> {
  if (patientIds.length === 0) return new Map();
  const rows = await tx.db.query<MessageRow[]>(
    `${MESSAGE_ROWS} AND m.id IN (SELECT newest.id FROM unnest($2::uuid[]) AS asked (id), LATERAL (
        SELECT n.id FROM patient_message n WHERE n.hospital_id = $1 AND n.patient_id = asked.id
         ORDER BY n.created_at DESC, n.id DESC LIMIT ${MOST_OF_A_KIND}) AS newest)
      ORDER BY m.created_at DESC, m.id DESC`,
    [tx.hospital.id, patientIds],
  );
  return byPatient(await messageViews(tx, rows));
}

/** `consents`: the newest first. The newest of each channel decides. */
function withNewest(consents: readonly PatientConsent[]): PatientRecord['consents'] {
  const channels = new Set<string>();
  return consents.map((consent) => {
    const isNewest = !channels.has(consent.channel);
    channels.add(consent.channel);
    return { ...consent, isNewest };
  });
}
