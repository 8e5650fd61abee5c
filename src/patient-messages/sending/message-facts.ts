import { Any } from 'typeorm';
import { outcomesOf } from '../../guideline/activities.js';
import { laboratoryOf, valuesOf } from '../../guideline/measured-exam.js';
import { measurementsOf } from '../../guideline/measurements.js';
import { outcomeRecorded } from '../../guideline/recorded-exam.js';
import { limitFor, limitsOfLaboratory } from '../../guideline/reference-limits.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { type Identity, revealIdentities } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { readPhone } from '../../patients/phone-number.js';
import { factOf } from '../../patients/recorded-events.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { Appointment } from '../../worklist/appointments/appointment.entity.js';
import { isDoctor } from '../../worklist/contacts/relations.js';
import { relativesOf } from '../../worklist/contacts/relatives.service.js';
import { DEATHS, isFollowedUp } from '../../worklist/contacts/signs-of-life.js';
import { positionOn } from '../../worklist/steps/item-transitions.js';
import type { MessageSettings } from '../settings/message-settings.js';
import type { DueMessage } from './due-messages.js';
import type { MessageFacts, Recipient } from './message-decision.js';

/** What a message is about, as it is now. */
export interface MessageSubject {
  readonly facts: MessageFacts;
  readonly patient: Patient;
  readonly identity: Identity | undefined;
  readonly items: readonly SurveillanceItem[];
  readonly appointment: Appointment | null;
  readonly result: ClinicalEvent | null;
}

const MOBILE = /^1\d{10}$/;

/** The mobile numbers in a phone field; a landline takes no messages. */
export const mobileNumbers = (phone: string | null): readonly string[] =>
  phone === null ? [] : (readPhone(phone)?.numbers ?? []).filter((number) => MOBILE.test(number));

/**
 * Reads all that decides about a due message. At most ten queries: a hospital sends some hundred messages a day, each of
 * another patient.
 */
export async function messageSubject(
  tx: HospitalTransaction,
  message: DueMessage,
  settings: MessageSettings,
): Promise<MessageSubject> {
  const { id: hospitalId } = tx.hospital;
  const patient = await tx.db.findOneByOrFail(Patient, { hospitalId, id: message.patientId });
  const identity = (await revealIdentities(tx, [patient])).get(patient.id);
  const items = await tx.db.find(SurveillanceItem, {
    where: { hospitalId, id: Any([...message.itemIds]), state: 'active' as const },
    order: { due: 'ASC', id: 'ASC' },
  });
  const appointment =
    message.appointmentId === null
      ? null
      : await tx.db.findOneBy(Appointment, { hospitalId, id: message.appointmentId });
  const result =
    message.eventId === null
      ? null
      : await tx.db.findOneBy(ClinicalEvent, { hospitalId, id: message.eventId });
  const person = await personNow(tx, message);
  const facts: MessageFacts = {
    ...{ occasion: message.occasion, aboutOn: message.aboutOn, createdAt: message.createdAt, settings },
    ...{ isErased: patient.erasedAt !== null, isMerged: patient.mergedInto !== null, ...person },
    isFollowedUp: await isFollowedUp(tx, patient.id),
    items: items.map((item) => ({
      ...{ id: item.id, activity: item.activity, due: item.due },
      isToBook: ['to_book', 'not_attended'].includes(positionOn(item, tx.today)),
      isNotAttended: item.step === 'not_attended',
    })),
    appointment,
    isResultInRange: result !== null && isInRange(result, tx.hospital),
    wasTried: message.attempts > 0,
    own: mobileNumbers(identity?.phone ?? null),
    relatives: settings.relatives ? await reachableRelatives(tx, patient.id) : [],
  };
  return { facts, patient, identity, items, appointment, result };
}

interface PersonNow {
  readonly hasConsent: boolean;
  readonly hasDied: boolean;
  readonly sentThisWeek: number;
}

async function personNow(
  { db, hospital, now }: HospitalTransaction,
  { id, patientId, channel }: DueMessage,
): Promise<PersonNow> {
  const [row] = await db.query<[PersonNow]>(
    `SELECT (SELECT c.decision FROM patient_consent c WHERE c.hospital_id = $1 AND c.patient_id = $2 AND c.channel = $3
              ORDER BY c.ordinal DESC LIMIT 1) IS NOT DISTINCT FROM 'given' AS "hasConsent",
            EXISTS (SELECT FROM clinical_event e WHERE e.hospital_id = $1 AND e.patient_id = $2 AND e.voided_at IS NULL
                       AND e.type = ANY ($4)) AS "hasDied",
            (SELECT count(*)::integer FROM patient_message m WHERE m.hospital_id = $1 AND m.patient_id = $2 AND m.id <> $5
                AND m.created_at > $6::timestamptz - interval '14 days' AND m.first_tried_at > $6::timestamptz - interval '7 days'
            ) AS "sentThisWeek"`,
    [hospital.id, patientId, channel, DEATHS, id, now],
  );
  return row;
}

async function reachableRelatives(tx: HospitalTransaction, patientId: string): Promise<Recipient[]> {
  const relatives = await relativesOf(tx, patientId);
  return relatives
    .filter(({ relation }) => !isDoctor(relation))
    .flatMap(({ id, name, relation, phone }) =>
      mobileNumbers(phone)
        .slice(0, 1)
        .map((number) => ({ number, relative: { id, name, relation } })),
    );
}

/**
 * Whether a result may be sent without a person: it stands, nothing of it has to be judged, its outcome is the expected one, and
 * each of its values lies at or below a known limit.
 */
function isInRange(event: ClinicalEvent, { guideline, policy }: HospitalTransaction['hospital']): boolean {
  if (event.voidedAt !== null || event.toJudge !== null || event.resultOf === null) return false;
  const values = valuesOf(event.detail);
  const under = guideline ?? {};
  const [expected] = outcomesOf(event.resultOf, under);
  const outcome = outcomeRecorded(factOf(event), under);
  if (values.length === 0 || (outcome !== null && outcome !== expected)) return false;
  const measurements = measurementsOf(event.resultOf, under);
  const limits = {
    laboratory: limitsOfLaboratory(laboratoryOf(event.detail), policy.laboratoryLimits ?? {}),
    hospital: policy.referenceLimits ?? {},
  };
  return values.every((value) => {
    const isKnown = measurements.some(({ code, unit }) => code === value.code && unit === value.unit);
    const { limit } = limitFor(value, measurements, limits);
    return isKnown && Number.isFinite(limit) && value.value <= limit && !isOpenAbove(value.comparator);
  });
}

// "<10" says nothing where the limit is 5, and ">4" may be far above it.
const isOpenAbove = (comparator: string | null | undefined): boolean => (comparator ?? '').startsWith('>');
