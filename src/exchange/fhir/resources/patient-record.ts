import { createHash } from 'node:crypto';
import type { FhirResource, Reference } from 'fhir/r4.js';
import type { CalendarDate } from '../../../guideline/calendar.js';
import type { Guideline, Language } from '../../../guideline/guideline.js';
import type { CodedIn } from '../../../interop/fhir/codes.js';
import type { ClinicalEvent } from '../../../patients/clinical-event.entity.js';
import type { Identity } from '../../../patients/identity.js';
import type { Patient } from '../../../patients/patient.entity.js';
import type { PatientConsent } from '../../../patients/patient-consent.entity.js';
import type { Nurse } from '../../../patients/responsible-nurse.js';
import type { PatientMessageView } from '../../../patient-messages/messages-view.js';
import type { StoredPlan } from '../../../schedules/stored-plan.js';
import type { Contact } from '../../../worklist/contacts/contact.entity.js';
import type { Appointment } from '../../../worklist/appointments/appointment.entity.js';
import type { ItemStepRecord } from '../../../worklist/steps/item-step.entity.js';
import type { Ownership } from '../../../worklist/ownership/owners.js';

/** The hospital, the day and the reader for whom resources are built. */
export interface ResourceContext {
  readonly hospitalId: string;
  /** Of the hospital: calendar days are days there. */
  readonly timeZone: string;
  readonly today: CalendarDate;
  readonly language: Language;
  readonly codedIn: CodedIn;
}

/** The parts of a record that cost queries of their own. */
export const RECORD_PARTS = ['events', 'plan', 'appointments', 'consents', 'communications'] as const;
export type RecordPart = (typeof RECORD_PARTS)[number];

/** An appointment and the items that it covers, or covered. */
export interface RecordedAppointment {
  readonly appointment: Appointment;
  readonly itemIds: readonly string[];
}

/** A person who owns the work on an item, or the role whose people all do. */
export interface WorkOwner {
  readonly ownership: Ownership;
  readonly names: readonly string[];
}

/** The items of a patient, with what people did about each. */
export interface RecordedPlan extends StoredPlan {
  readonly guidelines: ReadonlyMap<string, Guideline>;
  /** The last step of each item that was not undone. */
  readonly steps: ReadonlyMap<string, ItemStepRecord>;
  /** Who has to book the exams of an activity. */
  readonly ownerOf: (activity: string) => WorkOwner;
}

/** One patient and the parts that were loaded; the others are empty. */
export interface PatientRecord {
  readonly patient: Patient;
  /** Null: the caller may not see it. */
  readonly identity: Identity | null;
  readonly nurse: Nurse | null;
  /** In the order of their dates; also voided ones, of which the latest. */
  readonly events: readonly ClinicalEvent[];
  /** By which the events are read. */
  readonly guideline: Guideline;
  /** Null for an erased patient and for a merged record. */
  readonly plan: RecordedPlan | null;
  readonly appointments: readonly RecordedAppointment[];
  /** The newest of a channel first. */
  readonly consents: readonly (PatientConsent & { readonly isNewest: boolean })[];
  readonly contacts: readonly Contact[];
  readonly messages: readonly PatientMessageView[];
}

export const referenceTo = (type: FhirResource['resourceType'], id: string): Reference => ({
  reference: `${type}/${id}`,
});

/** The list, or nothing: FHIR has no empty lists. */
export const filled = <T>(list: readonly T[]): T[] | undefined => (list.length > 0 ? [...list] : undefined);

/** The latest of these instants. */
export const latest = (first: Date, ...others: readonly (Date | null | undefined)[]): Date =>
  others.reduce<Date>((newest, one) => (one && one > newest ? one : newest), first);

/** The resource with its version, which is a digest of its content: the same content has the same version in every process. */
export function versioned<T extends FhirResource>(resource: T, lastUpdated: Date): T {
  const plain = JSON.parse(JSON.stringify(resource)) as T; // without unset elements
  const versionId = createHash('sha256').update(JSON.stringify(plain)).digest('hex').slice(0, 20);
  const { resourceType, id, ...rest } = plain;
  const meta = { ...plain.meta, versionId, lastUpdated: lastUpdated.toISOString() };
  return { resourceType, id, meta, ...rest, ...(plain.meta && { meta }) } as unknown as T;
}
