import { type CalendarDate, yearsBetween } from '../../../guideline/calendar.js';
import type { Message } from '../../../guideline/message.js';
import { DEAD, SEX_WORDS } from '../../../guideline/roster-dictionary.js';
import {
  type DoubtCode,
  plainText,
  type Reading,
  readColonoscopy,
  readIntent,
  readLynch,
  readSite,
  readStage,
  saysNothing,
} from '../../../guideline/roster-reading.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { tidied, withoutHanSpaces } from '../../../patients/folded.js';
import { type IdentityDocument, readIdentityNumber } from '../../../patients/identity-number.js';
import { readPhone } from '../../../patients/phone-number.js';
import { readDistance } from '../rows/distance.js';
import { columnName, type FieldText, isBlankText, type PatientRows } from './group.js';

/** What the rows say about a patient, apart from the course of the disease. Undefined: blank, or asked. */
export interface PatientTexts {
  readonly mrn: string;
  readonly name: string | undefined;
  readonly sex: 'male' | 'female' | 'other' | 'unknown' | undefined;
  readonly birthDate: CalendarDate | undefined;
  readonly diagnosisDate: CalendarDate | undefined;
  readonly resectionDate: CalendarDate | undefined;
  readonly site: string | undefined;
  readonly stage: string | undefined;
  readonly preoperativeColonoscopy: string | undefined;
  readonly lynch: boolean;
  readonly intent: string | undefined;
  readonly phone: string | undefined;
  readonly identityNumber: string | undefined;
  readonly responsibleNurse: string | undefined;
  readonly department: string | undefined;
  readonly ward: string | undefined;
  readonly group: string | undefined;
  readonly distanceKm: number | undefined;
}

/** Reads the fields of one patient and asks about those that are not clear. */
export function readPatient(rows: PatientRows, today: CalendarDate): PatientTexts {
  const document = identityOf(rows);
  return {
    mrn: mrnOf(rows),
    name: nameOf(rows),
    sex: sexOf(rows, document),
    birthDate: birthDateOf(rows, document, today),
    diagnosisDate: requiredDate(rows, 'diagnosis_date'),
    resectionDate: resectionDateOf(rows),
    site: disease(rows, 'primary_site', readSite),
    stage: stageOf(rows),
    preoperativeColonoscopy: colonoscopyOf(rows),
    lynch: disease(rows, 'lynch', readLynch) !== undefined,
    intent: disease(rows, 'intent', readIntent),
    phone: phoneOf(rows),
    identityNumber: document?.number,
    responsibleNurse: plainField(rows, 'responsible_nurse', 100),
    department: plainField(rows, 'department', 100),
    ward: plainField(rows, 'ward', 100),
    group: plainField(rows, 'group', 100),
    distanceKm: distanceOf(rows),
  };
}

/** Reads whose visits a row has, where the patient stands in another sheet. */
export function readWhose(rows: PatientRows): PatientTexts {
  const unsaid = undefined;
  return {
    ...{ mrn: mrnOf(rows), name: rows.has('name') ? nameOf(rows) : unsaid, lynch: false },
    ...{ sex: unsaid, birthDate: unsaid, diagnosisDate: unsaid, resectionDate: unsaid },
    ...{ site: unsaid, stage: unsaid, preoperativeColonoscopy: unsaid, intent: unsaid },
    ...{ phone: unsaid, identityNumber: unsaid, responsibleNurse: unsaid, department: unsaid },
    ...{ ward: unsaid, group: unsaid, distanceKm: unsaid },
  };
}

/** A number in exponent form, or of more digits than a spreadsheet program keeps. */
const LOST_DIGITS = /^[\d.]+e\+?\d+$/i;

function mrnOf(rows: PatientRows): string {
  const read = rows.text('mrn');
  const mrn = tidied(read.text).replace(/^(\d+)\.0$/, '$1');
  if (isBlankText(read))
    rows.ask(read, 'required', msg('ask-required', { column: columnName(read), options: [] }));
  else if (LOST_DIGITS.test(mrn))
    rows.ask(read, 'digits-lost', msg('ask-digits-lost', { written: read.text }));
  else if (read.cell?.broken) rows.ask(read, 'cell-error', msg('ask-broken-cell'));
  else if (read.cell?.precision)
    rows.ask(read, 'digits-lost', msg('ask-digits-lost', { written: read.text }));
  else if (mrn.length > 64) rows.refuse(read, 'too-long', msg('note-too-long', { limit: 64 }));
  return mrn.slice(0, 64);
}

function nameOf(rows: PatientRows): string | undefined {
  const read = rows.text('name');
  const name = withoutHanSpaces(tidied(read.text));
  if (isBlankText(read)) {
    rows.ask(read, 'required', msg('ask-required', { column: columnName(read), options: [] }));
    return undefined;
  }
  if (name.length > 200) rows.refuse(read, 'too-long', msg('note-too-long', { limit: 200 }));
  if (
    !read.answered &&
    (/\d|\?|？/.test(name) || (/[(（[【]/.test(name) && DEAD.test(name)) || read.cell?.broken)
  )
    rows.ask(read, 'name-with-note', msg('ask-name-with-note', { written: read.text }));
  return name;
}

function sexOf(rows: PatientRows, document: IdentityDocument | undefined): PatientTexts['sex'] {
  const read = rows.text('sex');
  const options = Object.keys(SEX_WORDS);
  if (isBlankText(read) && plainText(read.text) !== '0' && plainText(read.text) !== '9') {
    if (document?.sex && !read.answered) {
      const value = document.sex;
      rows.note(read, 'from-identity', msg('note-from-identity', { column: columnName(read), value }));
      return value;
    }
    rows.ask(read, 'required', msg('ask-required', { column: columnName(read), options }), options);
    return undefined;
  }
  const word = plainText(hinted(read)).replace(/\(.*\)$/, '');
  const sexes = ['male', 'female', 'other', 'unknown'] as const;
  const sex = sexes.find((one) => one === word || SEX_WORDS[one].includes(word));
  if (sex === undefined)
    rows.ask(
      read,
      'unclear',
      msg('ask-unclear', { written: read.text, column: columnName(read), options }),
      options,
    );
  else if (!read.answered && document?.sex && document.sex !== sex && (sex === 'male' || sex === 'female')) {
    const both = [document.sex, sex];
    rows.ask(
      read,
      'identity-differs',
      msg('ask-identity-differs', { inNumber: document.sex, options: both }),
      both,
    );
  }
  return sex;
}

/** The word for which a code stands, where the heading explains its codes. */
function hinted({ text, column }: FieldText): string {
  return column?.hints.get(plainText(text)) ?? text;
}

// The oldest person known lived 122 years; a hospital's oldest patients are below 110.
const OLDEST = 110;

function birthDateOf(
  rows: PatientRows,
  document: IdentityDocument | undefined,
  today: CalendarDate,
): CalendarDate | undefined {
  const read = rows.text('birth_date');
  if (isBlankText(read)) {
    const date = document?.birthDate;
    if (date && !read.answered) {
      rows.note(read, 'from-identity', msg('note-from-identity', { column: columnName(read), value: date }));
      return date;
    }
    rows.ask(read, 'required', msg('ask-required', { column: columnName(read), options: [] }));
    return undefined;
  }
  const date = rows.date(read);
  if (date === undefined || read.answered) return date;
  const age = date < today ? yearsBetween(date, today) : 0;
  if (age > OLDEST)
    rows.ask(read, 'implausible-birth', msg('ask-implausible-birth', { written: date, age }), [date]);
  else if (document?.birthDate && document.birthDate !== date) {
    const both = [document.birthDate, date];
    rows.ask(
      read,
      'identity-differs',
      msg('ask-identity-differs', { inNumber: document.birthDate, options: both }),
      both,
    );
  }
  return date;
}

function requiredDate(rows: PatientRows, field: string): CalendarDate | undefined {
  const read = rows.text(field);
  if (isBlankText(read)) {
    rows.ask(read, 'required', msg('ask-required', { column: columnName(read), options: [] }));
    return undefined;
  }
  return rows.date(read);
}

function resectionDateOf(rows: PatientRows): CalendarDate | undefined {
  const read = rows.text('resection_date');
  if (
    read.cell !== undefined &&
    /未|没|无|拒|待|暂不|放弃|none|no/iu.test(read.text) &&
    !/\d/.test(read.text)
  ) {
    rows.ask(read, 'no-resection', msg('ask-no-resection', { written: read.text }));
    return undefined;
  }
  return requiredDate(rows, 'resection_date');
}

/** A field of the disease: its value, or a question. */
function disease(rows: PatientRows, field: string, reader: (written: string) => Reading): string | undefined {
  const read = rows.text(field);
  const reading = read.cell?.broken
    ? undefined
    : reader(/^\d$/.test(plainText(read.text)) ? hinted(read) : read.text);
  if (reading === undefined) {
    rows.ask(read, 'cell-error', msg('ask-broken-cell'));
    return undefined;
  }
  if ('value' in reading) return reading.value;
  rows.ask(read, reading.doubt, doubtMessage(reading.doubt, read, reading.options), reading.options);
  return undefined;
}

/** The stage, or T, N and M of three columns. */
function stageOf(rows: PatientRows): string | undefined {
  const parts = ['tnm_t', 'tnm_n', 'tnm_m'];
  if (!rows.has('stage') && parts.some((part) => rows.has(part))) {
    const answer = rows.text('stage');
    if (!answer.answered) {
      const letters = ['T', 'N', 'M'];
      const joined = parts
        .map((part, at) => {
          const written = plainText(rows.text(part).text).replace(/^(?:[cpy]{0,2}[tnm])?/, '');
          return written === '' || (saysNothing(written) && written !== '0')
            ? `${letters[at]}x`
            : `${letters[at]}${written}`;
        })
        .join('');
      const read = { ...rows.text('tnm_t'), text: joined, field: 'stage', written: '' };
      const reading = readStage(joined);
      if ('value' in reading) return reading.value;
      rows.ask(read, reading.doubt, doubtMessage(reading.doubt, read, reading.options), reading.options);
      return undefined;
    }
  }
  return disease(rows, 'stage', readStage);
}

function colonoscopyOf(rows: PatientRows): string | undefined {
  const asks = rows.columnOf('preoperative_colonoscopy')?.asksIfComplete === true;
  return disease(rows, 'preoperative_colonoscopy', (written) => readColonoscopy(written, asks));
}

function doubtMessage(doubt: DoubtCode, read: FieldText, options: readonly string[]): Message {
  const [written, column] = [read.text, columnName(read)];
  const messages: Readonly<Record<DoubtCode, () => Message>> = {
    required: () =>
      written === ''
        ? msg('ask-required', { column, options })
        : msg('ask-unclear', { written, column, options }),
    unclear: () => msg('ask-unclear', { written, column, options }),
    'site-between': () => msg('ask-site-between', { written }),
    'site-other': () => msg('ask-site-other', { written }),
    'site-several': () => msg('ask-site-several', { written }),
    'stage-t': () => msg('ask-stage-t', { written, options }),
    'stage-n': () => msg('ask-stage-n', { written, options }),
    'stage-m': () => msg('ask-stage-m', { written, options }),
    'stage-zero': () => msg('ask-stage-zero', { written }),
    'stage-several': () => msg('ask-stage-several', { written, options }),
    'stage-old': () => msg('ask-stage-old', { written }),
    'stage-clinical': () => msg('ask-stage-clinical', { written }),
    suspected: () => msg('ask-suspected', { written }),
  };
  return messages[doubt]();
}

/** The telephones, with the text beside them. One that cannot be called is left out, with a warning. */
function phoneOf(rows: PatientRows): string | undefined {
  const cells = rows.texts('phone').map((cell) => rows.textOf(cell));
  const answer = cells.length === 0 ? rows.text('phone') : undefined;
  const read = answer ? [answer] : cells;
  const callable = read.flatMap((one) => {
    if (one.cell === undefined || saysNothing(one.text)) return [];
    const text = tidied(one.text.replace(/\n/g, '/'));
    if (text.length <= 60 && readPhone(text) && !LOST_DIGITS.test(text)) return [text];
    rows.note(one, 'phone-left-out', msg('note-phone-left-out', { written: one.text }));
    return [];
  });
  const joined = [...new Set(callable)].slice(0, 3).join('/');
  const [first] = callable;
  return joined.length <= 60 && readPhone(joined) ? joined : first;
}

function identityOf(rows: PatientRows): IdentityDocument | undefined {
  const read = rows.text('identity_number');
  if (isBlankText(read)) return undefined;
  const written = tidied(read.text);
  const document = LOST_DIGITS.test(written) ? 'digits-in-number' : readIdentityNumber(written);
  if (typeof document !== 'string' && document.number.length <= 40) return document;
  const detail = typeof document === 'string' ? msg(document) : msg('note-too-long', { limit: 40 });
  rows.note(read, 'identity-left-out', msg('note-identity-left-out', { detail }));
  return undefined;
}

function distanceOf(rows: PatientRows): number | undefined {
  const read = rows.text('distance_km');
  if (isBlankText(read)) return undefined;
  const km = readDistance(read.text);
  if (km === undefined)
    rows.note(read, 'distance-left-out', msg('note-distance-left-out', { written: read.text }));
  return km;
}

function plainField(rows: PatientRows, field: string, limit: number): string | undefined {
  const read = rows.text(field);
  if (isBlankText(read)) return undefined;
  const text = tidied(read.text);
  if (text.length > limit) rows.refuse(read, 'too-long', msg('note-too-long', { limit }));
  return text.slice(0, limit);
}
