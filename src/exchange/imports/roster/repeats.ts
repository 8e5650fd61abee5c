import { folded } from '../../../patients/folded.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { Message } from '../../../guideline/message.js';
import type { CourseEntry } from '../rows/import-rows.js';
import { columnName, type PatientRows } from './group.js';
import type { PatientTexts } from './patient.js';

/** One patient of the file, as its rows say. */
export interface FilePatient {
  readonly rows: PatientRows;
  readonly texts: PatientTexts;
  readonly course: CourseEntry[];
  /** The earlier patient of the file whose number this one has, if nothing differs. */
  again?: FilePatient;
}

/** Where a row stands, in a sentence. */
export const placeOf = ({ sheet, row }: Pick<PatientRows, 'sheet' | 'row'>): Message =>
  sheet === null ? msg('place-of-row', { row }) : msg('place-in-sheet', { row, sheet });

const COMPARED: readonly (readonly [keyof PatientTexts, string])[] = [
  ['name', 'name'],
  ['sex', 'sex'],
  ['birthDate', 'birth_date'],
  ['diagnosisDate', 'diagnosis_date'],
  ['resectionDate', 'resection_date'],
  ['site', 'primary_site'],
  ['stage', 'stage'],
  ['preoperativeColonoscopy', 'preoperative_colonoscopy'],
  ['lynch', 'lynch'],
  ['intent', 'intent'],
  ['phone', 'phone'],
  ['identityNumber', 'identity_number'],
  ['responsibleNurse', 'responsible_nurse'],
  ['department', 'department'],
  ['ward', 'ward'],
  ['group', 'group'],
  ['distanceKm', 'distance_km'],
];

/**
 * Finds patients who stand in the file more than once. The same number with nothing different is one patient, whose
 * later rows add to the course; a difference is a question, and so is the same person under another number.
 */
export function compareRows(patients: readonly FilePatient[]): void {
  askForZeros(patients);
  const byMrn = new Map<string, FilePatient>();
  const byPerson = new Map<string, FilePatient>();
  for (const patient of patients) {
    const { texts } = patient;
    const key = folded(texts.mrn);
    const earlier = key === '' ? undefined : byMrn.get(key);
    if (earlier) {
      if (!differs(patient, earlier)) patient.again = earlier;
      continue;
    }
    if (key !== '') byMrn.set(key, patient);
    for (const person of personsOf(texts)) {
      const same = byPerson.get(person);
      if (same) {
        askIfSame(patient, same);
        break;
      }
    }
    for (const person of personsOf(texts)) if (!byPerson.has(person)) byPerson.set(person, patient);
  }
}

/** Gives rows with visits alone to the patients of the file whose number they have. */
export function findPatients(visits: readonly FilePatient[], patients: readonly FilePatient[]): void {
  const byMrn = new Map<string, FilePatient>();
  const isVisit = new Set(visits);
  for (const patient of patients)
    if (!isVisit.has(patient) && patient.again === undefined) byMrn.set(folded(patient.texts.mrn), patient);
  for (const visit of visits) {
    const { rows, texts } = visit;
    const patient = byMrn.get(folded(texts.mrn));
    if (!patient) rows.ask(rows.text('mrn'), 'unknown-mrn', msg('unknown-mrn', { mrn: texts.mrn }));
    else if (!differs(visit, patient)) visit.again = patient;
  }
}

function differs({ rows, texts }: FilePatient, earlier: FilePatient): boolean {
  let different = false;
  for (const [key, field] of COMPARED) {
    const [here, there] = [texts[key], earlier.texts[key]];
    if (here === undefined || there === undefined || alike(here, there)) continue;
    if (key === 'lynch' && !rows.columnOf(field)) continue;
    different = true;
    const at = rows.text(field);
    const options = [String(there), String(here)];
    const about = { written: options[1] ?? '', other: options[0] ?? '', of: placeOf(earlier.rows), options };
    rows.ask(
      at,
      'differs-from-row',
      msg('ask-differs-from-row', { column: columnName(at), ...about }),
      options,
    );
  }
  return different;
}

const alike = (a: string | boolean | number, b: string | boolean | number): boolean =>
  typeof a === 'string' && typeof b === 'string' ? folded(a) === folded(b) : a === b;

function personsOf({ name, birthDate, identityNumber }: PatientTexts): string[] {
  return [
    ...(identityNumber === undefined ? [] : [`id ${folded(identityNumber)}`]),
    ...(name === undefined || birthDate === undefined ? [] : [`${folded(name)} ${birthDate}`]),
  ];
}

function askIfSame({ rows }: FilePatient, same: FilePatient): void {
  if (rows.answerAt(rows.row, 'person') === 'separate') return;
  const at = { ...rows.text('mrn'), field: 'person', written: '' };
  const about = { of: placeOf(same.rows), other: same.texts.mrn };
  rows.ask(at, 'same-person', msg('ask-same-person', about), ['separate', 'skip']);
}

/** Numbers of fewer digits than most others, which begin with 0: a spreadsheet program may have dropped the zeros. */
function askForZeros(patients: readonly FilePatient[]): void {
  const numbers = patients.map(({ texts }) => texts.mrn).filter((mrn) => /^\d+$/.test(mrn));
  const lengths = new Map<number, { count: number; zeros: number }>();
  for (const mrn of numbers) {
    const before = lengths.get(mrn.length) ?? { count: 0, zeros: 0 };
    lengths.set(mrn.length, { count: before.count + 1, zeros: before.zeros + Number(mrn.startsWith('0')) });
  }
  const [usual] = [...lengths].sort(([, a], [, b]) => b.count - a.count);
  if (!usual) return;
  const [length, { count, zeros }] = usual;
  if (count < numbers.length * 0.6 || zeros < count * 0.5) return;
  for (const { rows, texts } of patients) {
    const read = rows.text('mrn');
    if (!/^\d+$/.test(texts.mrn) || texts.mrn.length >= length || read.answered) continue;
    const options = [texts.mrn.padStart(length, '0'), texts.mrn];
    rows.ask(read, 'zeros-lost', msg('ask-zeros-lost', { written: texts.mrn, options }), options);
  }
}
