import type { CalendarDate } from '../../../guideline/calendar.js';
import type { ClinicalFact } from '../../../guideline/facts.js';
import type { CourseEntry } from '../rows/import-rows.js';
import { MEASUREMENTS } from '../../../guideline/measurements.js';
import { ALIVE, DEAD, NO } from '../../../guideline/roster-dictionary.js';
import { courseEvent, METASTATIC_STAGE, visitExam } from '../../../guideline/roster-facts.js';
import {
  plainText,
  readLiverMetastasis,
  saysNothing,
  treatmentIn,
} from '../../../guideline/roster-reading.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { PlacedRow } from './layout.js';
import { columnName, type FieldText, isBlankText, type PatientRows, type Place } from './group.js';
import type { PatientTexts } from './patient.js';
import { readDate } from './written-date.js';

type Patient = Pick<PatientTexts, 'diagnosisDate' | 'resectionDate' | 'stage'>;

/** The events that the rows of one patient report after the diagnosis, and questions about those that are not clear. */
export function readCourse(rows: PatientRows, patient: Patient): CourseEntry[] {
  return [...liverEvents(rows, patient), ...endEvents(rows), ...visits(rows, patient)];
}

const eventAt = (event: ClinicalFact, at: Place, confirmed = false): CourseEntry => ({
  ...{ event, row: at.row, field: at.field, column: at.column?.heading ?? null },
  ...{ written: at.written ?? at.text, confirmed },
});

function liverEvents(rows: PatientRows, patient: Patient): CourseEntry[] {
  const kindRead = rows.text('liver_metastasis');
  const reading = readLiverMetastasis(kindRead.text);
  if ('doubt' in reading) {
    const about = { written: kindRead.text, column: columnName(kindRead), options: reading.options };
    rows.ask(kindRead, reading.doubt, msg('ask-unclear', about), reading.options);
    return [];
  }
  const found = metastasisOf(rows, reading.value, kindRead, patient);
  const ned = nedOf(rows, found?.date);
  return [
    ...(found ? [eventAt(courseEvent('metastasis', found.date), found.at)] : []),
    ...(ned ? [eventAt(courseEvent('freeOfDisease', ned.date, ned.by), ned.at)] : []),
  ];
}

interface Found {
  readonly date: CalendarDate;
  readonly at: Place;
}

function metastasisOf(
  rows: PatientRows,
  kind: string | undefined,
  kindRead: FieldText,
  patient: Patient,
): Found | undefined {
  const { diagnosisDate, resectionDate, stage } = patient;
  const read = rows.text('liver_metastasis_date');
  const date = isBlankText(read) ? undefined : rows.date(read);
  if (kind === 'none') {
    if (date)
      rows.ask(kindRead, 'metastasis-denied', msg('ask-metastasis-denied', { written: read.text }), [
        'synchronous',
        'metachronous',
        '',
      ]);
    return undefined;
  }
  if (kind === 'synchronous' && stage !== undefined && stage !== METASTATIC_STAGE)
    rows.ask(
      rows.text('stage'),
      'stage-with-metastases',
      msg('ask-stage-with-metastases', { written: stage, metastatic: METASTATIC_STAGE }),
      [METASTATIC_STAGE],
    );
  if (date === undefined) {
    if (!isBlankText(read)) return undefined;
    if (kind === 'metachronous')
      rows.ask(read, 'metastasis-without-date', msg('ask-metastasis-without-date'));
    if (kind !== 'synchronous' || diagnosisDate === undefined) return undefined;
    rows.note(read, 'synchronous', msg('note-synchronous', { date: diagnosisDate }));
    return { date: diagnosisDate, at: read };
  }
  if (kind === 'metachronous' && resectionDate !== undefined && date < resectionDate)
    rows.ask(read, 'metastasis-before-resection', msg('ask-metastasis-before-resection', { written: date }));
  return { date, at: read };
}

/** Free of disease, and how. A treatment alone does not say that all disease was cleared. */
function nedOf(
  rows: PatientRows,
  found: CalendarDate | undefined,
): (Found & { readonly by: string | undefined }) | undefined {
  const read = rows.text('ned_date');
  const treatment = rows.text('liver_treatment');
  const by =
    treatmentIn(
      `${treatment.text} ${isBlankText(treatment) ? '' : onlyWay(treatment.column?.heading ?? '')}`,
    ) ?? treatmentIn(read.text);
  const isDenied = read.answered && (read.text === '' || NO.includes(plainText(read.text)));
  if (isBlankText(read) || NO.includes(plainText(read.text))) {
    if (!isBlankText(treatment) && !NO.includes(plainText(treatment.text)) && !isDenied)
      rows.ask(read, 'ned-after-treatment', msg('ask-ned-after-treatment', { written: treatment.text }), [
        ...datesIn(treatment),
        'no',
      ]);
    return undefined;
  }
  const date = rows.date(read);
  if (date === undefined) return undefined;
  if (found === undefined)
    rows.ask(read, 'ned-without-metastasis', msg('ask-ned-without-metastasis', { written: date }));
  else if (date < found)
    rows.ask(read, 'ned-before-metastasis', msg('ask-ned-before-metastasis', { written: date, found }));
  return { date, by, at: read };
}

/** The way that a heading names, if it names one only. */
const onlyWay = (heading: string): string => (/[/、和或及]/u.test(heading) ? '' : heading);

const datesIn = (read: FieldText): string[] => {
  const reading = readDate(read.cell);
  if ('date' in reading) return reading.date === undefined ? [] : [reading.date];
  return 'options' in reading ? [...reading.options] : [];
};

function endEvents(rows: PatientRows): CourseEntry[] {
  const death = endOf(rows, 'death_date', true);
  const lost = endOf(rows, 'lost_date', false);
  const recurred = endOf(rows, 'recurrence_date', false);
  const status = rows.text('vital_status');
  if (!isBlankText(status) && !ALIVE.includes(plainText(status.text))) {
    const says = (pattern: RegExp): boolean => pattern.test(plainText(status.text));
    const known =
      (DEAD.test(status.text) && death) || (says(/失访|lost/u) && lost) || (says(/复发|recur/u) && recurred);
    if (!known && DEAD.test(status.text))
      rows.ask(status, 'dead-since-when', msg('ask-dead-since-when', { written: status.text }));
    else if (!known) rows.ask(status, 'status', msg('ask-status', { written: status.text }), ['alive']);
  }
  return [
    ...(recurred ? [eventAt(courseEvent('recurred', recurred.date), recurred.at)] : []),
    ...(lost ? [eventAt(courseEvent('lost', lost.date), lost.at)] : []),
    ...(death ? [eventAt(courseEvent('died', death.date), death.at)] : []),
  ];
}

/** An event whose column holds its date. Yes without a date is a question, no is nothing. */
function endOf(rows: PatientRows, field: string, isDeath: boolean): Found | undefined {
  const read = rows.text(field);
  const word = plainText(read.text);
  if (isBlankText(read) || NO.includes(word) || ALIVE.includes(word) || /^未(?!知|详)/u.test(word))
    return undefined;
  if (!/\d/.test(read.text) && read.cell?.broken !== true) {
    if (isDeath) rows.ask(read, 'dead-since-when', msg('ask-dead-since-when', { written: read.text }));
    else rows.ask(read, 'since-when', msg('ask-since-when', { written: read.text }), ['no']);
    return undefined;
  }
  const date = rows.date(read);
  return date === undefined ? undefined : { date, at: read };
}

/** Each visit with its values. A day alone says that the patient came, and is no exam. */
function visits(rows: PatientRows, { resectionDate }: Patient): CourseEntry[] {
  const repeats = new Set(
    rows.columns.flatMap(({ field, repeat }) => (field === 'measured' ? [repeat] : [])),
  );
  return rows.rows.flatMap((placed) =>
    [...repeats].flatMap((repeat) => {
      const visit = visitAt(rows, placed, repeat, resectionDate);
      return visit ? [visit] : [];
    }),
  );
}

function visitAt(
  rows: PatientRows,
  { row, cells }: PlacedRow,
  repeat: number | undefined,
  resectionDate: CalendarDate | undefined,
): CourseEntry | undefined {
  const values = cells
    .filter(({ column }) => column.field === 'measured' && column.repeat === repeat)
    .map((cell) => rows.textOf(cell));
  const measured = values.filter((read) => {
    if (read.cell === undefined || saysNothing(read.text) || /^未|^没/u.test(plainText(read.text)))
      return false;
    if (/\d/.test(read.text) || read.cell.broken) return true;
    rows.note(
      read,
      'value-left-out',
      msg('note-value-left-out', { column: columnName(read), written: read.text }),
    );
    return false;
  });
  const [first] = measured;
  if (first === undefined) return undefined;
  const dayCell = cells.find(({ column }) => column.field === 'visit_date' && column.repeat === repeat);
  const day = dayCell ? rows.textOf(dayCell) : blankDay(rows, row, repeat, first);
  if (day.cell === undefined || saysNothing(day.text)) {
    if (!day.answered)
      rows.ask(
        day,
        'value-without-day',
        msg('ask-value-without-day', { written: `${columnName(first)} ${first.text}` }),
      );
    return undefined;
  }
  const date = rows.date(day);
  if (date === undefined) return undefined;
  if (resectionDate !== undefined && date < resectionDate && !day.answered)
    rows.ask(
      day,
      'visit-before-resection',
      msg('ask-visit-before-resection', { written: date, resection: resectionDate }),
      [date],
    );
  return visitOf(rows, date, measured, first);
}

function blankDay(rows: PatientRows, row: number, repeat: number | undefined, beside: FieldText): FieldText {
  const column = rows.columns.find((one) => one.field === 'visit_date' && one.repeat === repeat);
  const field = repeat === undefined ? 'visit_date' : `visit_date_${repeat}`;
  const answer = rows.answerAt(row, field);
  const at = { row, column: column ?? beside.column, field, text: answer ?? '' };
  return { ...at, cell: answer ? { text: answer } : undefined, answered: answer !== undefined };
}

const UNITS = Object.values(MEASUREMENTS).flat();

function visitOf(
  rows: PatientRows,
  date: CalendarDate,
  measured: readonly FieldText[],
  first: FieldText,
): CourseEntry | undefined {
  for (const read of measured)
    if (!read.answered && /\d[,，]\d/.test(read.text)) {
      const point = plainText(read.text).replace(/[,，]/, '.');
      rows.ask(read, 'value-unclear', msg('ask-value-unclear', { written: read.text, detail: point }), [
        point,
      ]);
      return undefined;
    }
  const values = measured.map(({ text, column }) => ({
    code: column?.code ?? '',
    value: text.normalize('NFKC').slice(0, 40),
    unit: column?.unit ?? UNITS.find(({ code }) => code === column?.code)?.unit ?? '',
  }));
  const exam = visitExam(date, values);
  const confirmed = measured.some((read) => read.confirmed);
  return exam ? eventAt(exam, first, confirmed) : undefined;
}
