import { DateTime } from 'luxon';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../interop/hl7v2/timestamp.js';
import type { Message } from '../../guideline/message.js';
import { Phone, IdentityNumber, type PatientCorrection } from '../../patients/patient-input.js';
import { msg } from '../../platform/messages/dictionary.js';
import { isColorectalCancer, sexOf } from './codes.js';
import type { Identifier, Name, PersonFacts } from './reading/person.js';

/** What a message says of a patient in the terms of the record, and what of it was left out. */
export interface PersonInput {
  readonly fields: Pick<
    PatientCorrection,
    'name' | 'sex' | 'birthDate' | 'phone' | 'identityNumber' | 'ward'
  >;
  readonly leftOut: readonly Message[];
}

/** Fields that were not sent are missing; a phone sent as `""` is null. */
export function personInput(person: PersonFacts, ward: string | undefined): PersonInput {
  const leftOut: Message[] = [];
  const name = person.names.map(wholeName).find((one) => one !== undefined);
  const sex = sexOf(person.sex);
  const birthDate = person.birthDate?.day;
  const phone = person.cleared.includes('phones') ? null : firstValid(person.phones, Phone, 'phone', leftOut);
  const identityNumber = firstValid(nationalNumbers(person.identifiers), IdentityNumber, 'identity', leftOut);
  return {
    fields: {
      ...(name === undefined ? {} : { name }),
      ...(sex === undefined ? {} : { sex }),
      ...(birthDate === undefined ? {} : { birthDate: birthDate as PatientCorrection['birthDate'] }),
      ...(phone === undefined ? {} : { phone }),
      ...(identityNumber === undefined ? {} : { identityNumber }),
      ...(ward === undefined ? {} : { ward }),
    },
    leftOut,
  };
}

/** The first value that the record accepts; the others are named as left out, without being shown. */
function firstValid(
  values: readonly string[],
  form: typeof Phone,
  what: 'phone' | 'identity',
  leftOut: Message[],
): string | undefined {
  for (const value of values) {
    const read = form.safeParse(value);
    if (read.success) return read.data;
    leftOut.push(what === 'phone' ? msg('hl7-phone-left-out') : msg('hl7-identity-left-out'));
  }
  return undefined;
}

/** NI and NNCHN are the types of the resident identity number; some systems name it by its authority. */
const nationalNumbers = (identifiers: readonly Identifier[]): string[] =>
  identifiers
    .filter(({ type, authority }) => type === 'NI' || type === 'NNCHN' || authority === '居民身份证')
    .map(({ value }) => value);

const HAN = /\p{Script=Han}/u;

/** A Chinese name is written family name first, without a blank; many systems send it whole as the family name. */
function wholeName({ family, given }: Name): string | undefined {
  if (family === undefined || given === undefined) return family ?? given;
  return HAN.test(family + given) ? `${family}${given}` : `${given} ${family}`;
}

/** When the cancer was diagnosed: the earliest dated DG1 with a code of colorectal cancer. */
export function diagnosisDay(message: Hl7Message): string | undefined {
  return message.segments
    .filter(({ name }) => name === 'DG1')
    .filter((dg1) => isColorectalCancer(dg1.text(3) ?? ''))
    .flatMap((dg1) => readTime(dg1.text(5))?.day ?? [])
    .sort()[0];
}

/** The day of an instant in the hospital's time zone; a time without an offset is the hospital's own. */
export function dayIn(time: Hl7Time | undefined, timeZone: string): string | undefined {
  if (time?.day === undefined || !/[+-]\d\d:\d\d$/.test(time.text)) return time?.day;
  return DateTime.fromISO(time.text, { zone: timeZone }).toISODate() ?? undefined;
}
