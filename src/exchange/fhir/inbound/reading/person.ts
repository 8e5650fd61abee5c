import type { Message } from '../../../../guideline/message.js';
import type { CalendarDate } from '../../../../guideline/calendar.js';
import { IdentityNumber, type PatientCorrection, Phone } from '../../../../patients/patient-input.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import { refusedAt } from './fault.js';
import { OWN_EXTENSION } from './own-forms.js';
import { isNumberOfPatient, type NumberRule } from './patient-number.js';
import type { Identifier, Patient } from './resources.js';
import { dayOf } from './when.js';

/** What a Patient resource says in the terms of the record. */
export interface PersonReading {
  readonly mrn: string;
  /** The identifier that is the hospital's number. */
  readonly number: Identifier;
  /** Only what was sent. */
  readonly fields: Omit<PatientCorrection, 'mrn' | 'diagnosisDate'>;
  /** Choices of treatment, which only a registration takes. */
  readonly policy: Readonly<Record<string, unknown>> | undefined;
  /** The day of death; `unknown`: dead, without a day. Undefined: it says nothing, or that the patient lives. */
  readonly died: CalendarDate | 'unknown' | undefined;
  readonly leftOut: readonly Message[];
  /** The element of each field, for refusals. */
  readonly elements: Readonly<Record<string, string>>;
}

const ANIMAL = 'http://hl7.org/fhir/StructureDefinition/patient-animal';
const NO_LONGER = ['old', 'maiden', 'anonymous', 'nickname'];
/** Types (HL7 table 0203) and addresses of the resident identity number. */
const IDENTITY_TYPES = ['NI', 'NNCHN'];
const IDENTITY_SYSTEMS = ['urn:oid:2.16.156.10011.1.3', 'urn:nedwatch:identity-number'];
/** Our own extensions of a Patient and the fields of the record that they hold. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  'enrolled-on': 'enrolledOn',
  department: 'department',
  ward: 'ward',
  group: 'group',
  'responsible-nurse': 'responsibleNurse',
  'distance-km': 'distanceKm',
  profile: 'profile',
  'liver-imaging': 'liverImaging',
};
const POLICY_FIELDS = ['profile', 'liverImaging'];

/** Why nothing follows from the resource; undefined: it is about a living record of a human. */
export function patientNoted(patient: Patient): Message | undefined {
  if (patient.extension?.some(({ url }) => url === ANIMAL)) return msg('fhir-no-human');
  return patient.active === false ? msg('fhir-inactive') : undefined;
}

export function readPerson(patient: Patient, rule: NumberRule, timeZone: string, at: string): PersonReading {
  refuseReplaced(patient, at);
  const place =
    patient.identifier?.findIndex((one) => isNumberOfPatient(one, patient.identifier ?? [], rule)) ?? -1;
  const number = patient.identifier?.[place];
  if (number?.value === undefined)
    throw refusedAt(`${at}.identifier`, 'required', msg('fhir-number-required'));
  const leftOut: Message[] = [];
  const name = nameOf(patient);
  const { birthDate } = patient;
  if (birthDate !== undefined && birthDate.length < 10)
    throw refusedAt(`${at}.birthDate`, 'whole-day-required', msg('fhir-whole-day-required'));
  const phone = firstValid(phonesIn(patient), Phone, leftOut, 'fhir-phone-left-out');
  const identity = identityNumbers(patient).filter((one) => one !== number.value);
  const identityNumber = firstValid(identity, IdentityNumber, leftOut, 'fhir-identity-left-out');
  const own = ownFields(patient);
  const policy = own.filter(([field]) => POLICY_FIELDS.includes(field));
  return {
    ...{ mrn: number.value, number, leftOut },
    fields: {
      ...(Object.fromEntries(own.filter(([field]) => !POLICY_FIELDS.includes(field))) as object),
      ...(name !== undefined && { name: name.text }),
      ...(patient.gender !== undefined && { sex: patient.gender }),
      ...(birthDate !== undefined && { birthDate: birthDate as CalendarDate }),
      ...(phone !== undefined && { phone }),
      ...(identityNumber !== undefined && { identityNumber }),
    },
    policy: policy.length === 0 ? undefined : Object.fromEntries(policy),
    died: diedOn(patient, timeZone),
    elements: {
      ...{ '/mrn': `identifier[${place}].value`, '/name': name?.element ?? 'name', '/sex': 'gender' },
      ...{ '/birthDate': 'birthDate', '/phone': 'telecom', '/identityNumber': 'identifier' },
      ...{ '/date': 'deceased' },
    },
  };
}

const ownFields = ({ extension = [] }: Patient): (readonly [string, unknown])[] =>
  extension.flatMap(({ url, valueDate, valueString, valueCode, valueInteger }) => {
    const name = url.startsWith(OWN_EXTENSION) ? url.slice(OWN_EXTENSION.length) : '';
    const field = Object.hasOwn(OWN_FIELDS, name) ? OWN_FIELDS[name] : undefined;
    const value = valueDate ?? valueString ?? valueCode ?? valueInteger;
    return field === undefined || value === undefined ? [] : [[field, value] as const];
  });

/** Two records of one person are merged by people or by ADT A40, which say which one stays. */
function refuseReplaced({ link = [] }: Patient, at: string): void {
  const index = link.findIndex(({ type }) => type === 'replaced-by' || type === 'replaces');
  if (index >= 0) throw refusedAt(`${at}.link[${index}].type`, 'not-supported', msg('fhir-merge-elsewhere'));
}

function diedOn(
  { deceasedBoolean, deceasedDateTime }: Patient,
  timeZone: string,
): CalendarDate | 'unknown' | undefined {
  if (deceasedDateTime !== undefined) return dayOf(deceasedDateTime, timeZone) ?? 'unknown';
  return deceasedBoolean === true ? 'unknown' : undefined;
}

const HAN = /\p{Script=Han}/u;

/** The official name, else the usual one, else the first. Chinese names are written without a blank, family name first. */
function nameOf({
  name: names = [],
}: Patient): { readonly text: string; readonly element: string } | undefined {
  const inUse = names.flatMap((name, index) =>
    NO_LONGER.includes(name.use ?? '') || name.period?.end !== undefined ? [] : [{ name, index }],
  );
  const found =
    inUse.find(({ name }) => name.use === 'official') ??
    inUse.find(({ name }) => name.use === 'usual') ??
    inUse[0];
  if (!found) return undefined;
  const { text, family, given = [] } = found.name;
  const givenNames = given.filter((one) => one !== null);
  const parts = HAN.test(`${family ?? ''}${givenNames.join('')}`)
    ? [[family, ...givenNames].join('')]
    : [...givenNames, family];
  const whole = text ?? parts.filter((part) => part !== undefined && part !== '').join(' ');
  return whole === '' ? undefined : { text: whole, element: `name[${found.index}]` };
}

const phonesIn = ({ telecom = [] }: Patient): string[] =>
  telecom
    .filter(({ system, use, period }) => system === 'phone' && use !== 'old' && period?.end === undefined)
    .sort((a, b) => (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER))
    .flatMap(({ value }) => value ?? []);

const identityNumbers = ({ identifier = [] }: Patient): string[] =>
  identifier
    .filter(
      ({ system, type, use }) =>
        use !== 'old' &&
        (IDENTITY_SYSTEMS.includes(system ?? '') ||
          type?.coding?.some(({ code }) => IDENTITY_TYPES.includes(code ?? '')) === true),
    )
    .flatMap(({ value }) => value ?? []);

/** The first value that the record accepts; the others are named as left out, without being shown. */
function firstValid(
  values: readonly string[],
  form: typeof Phone,
  leftOut: Message[],
  key: 'fhir-phone-left-out' | 'fhir-identity-left-out',
): string | undefined {
  for (const value of values) {
    const read = form.safeParse(value);
    if (read.success) return read.data;
    leftOut.push(msg(key));
  }
  return undefined;
}
