import type { Hl7Message, Repetition, Segment } from '../../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../../interop/hl7v2/timestamp.js';

/** A coded value (CE, CWE): the sender's code, and a second one, often of a standard. */
export interface Coded {
  readonly code: string | undefined;
  readonly text: string | undefined;
  readonly system: string | undefined;
  readonly alternate: { readonly code: string; readonly text?: string; readonly system?: string } | undefined;
}

/** A measured number as it was sent. Its digits are its precision, so it stays a text. */
export interface Measured {
  readonly number: string;
  readonly comparator: '<' | '>' | '<=' | '>=' | undefined;
}

/** One repetition of OBX-5. */
export interface ObservedValue {
  readonly text: string | undefined;
  /** Where the value is one number: SN, NM, or a text that is only a number, with or without a comparator. */
  readonly measured: Measured | undefined;
  readonly coded: Coded | undefined;
}

export interface ObservationFacts {
  readonly type: string | undefined;
  readonly code: Coded | undefined;
  readonly values: readonly ObservedValue[];
  readonly units: string | undefined;
  readonly range: string | undefined;
  readonly flag: string | undefined;
  /** Table 0085: P preliminary, F final, C corrected, D deleted, W wrong, X not obtained. */
  readonly status: string | undefined;
  readonly at: Hl7Time | undefined;
  readonly notes: readonly string[];
}

/** One OBR with its observations. */
export interface ReportFacts {
  readonly placerNumber: string | undefined;
  readonly fillerNumber: string | undefined;
  readonly service: Coded | undefined;
  /** When it was observed or the specimen was taken: OBR-7. */
  readonly observedAt: Hl7Time | undefined;
  readonly reportedAt: Hl7Time | undefined;
  readonly status: string | undefined;
  readonly observations: readonly ObservationFacts[];
  readonly notes: readonly string[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenReport = Omit<Mutable<ReportFacts>, 'observations' | 'notes'> & {
  observations: (Omit<ObservationFacts, 'notes'> & { notes: string[] })[];
  notes: string[];
};

/** What follows them belongs to no report. */
const NO_REPORT = ['PID', 'PV1', 'SCH', 'RGS', 'AIS', 'AIG', 'AIL', 'AIP'];

/**
 * The reports of an ORU in the order sent. An OBX before the first OBR belongs to the patient, and forms a report without
 * a service. NTE belongs to the OBX or OBR before it.
 */
export function readReports(message: Hl7Message): ReportFacts[] {
  const reports: OpenReport[] = [];
  let inReport: 'no' | 'report' | 'observation' = 'no';
  for (const segment of message.segments)
    if (segment.name === 'OBR') {
      reports.push(openReport(segment));
      inReport = 'report';
    } else if (segment.name === 'OBX') {
      if (reports.length === 0) reports.push(openReport(undefined));
      reports.at(-1)?.observations.push({ ...readObservation(segment), notes: [] });
      inReport = 'observation';
    } else if (segment.name === 'NTE' && inReport !== 'no') {
      const report = reports.at(-1);
      const texts = segment.repetitions(3).map((one) => one.whole);
      (inReport === 'report' ? report : report?.observations.at(-1))?.notes.push(...texts);
    } else if (NO_REPORT.includes(segment.name)) inReport = 'no';
  return reports;
}

function openReport(obr: Segment | undefined): OpenReport {
  return {
    placerNumber: obr?.text(2),
    fillerNumber: obr?.text(3),
    service: obr && readCoded(obr.first(4)),
    observedAt: readTime(obr?.text(7)),
    reportedAt: readTime(obr?.text(22)),
    status: obr?.text(25),
    observations: [],
    notes: [],
  };
}

function readObservation(obx: Segment): Omit<ObservationFacts, 'notes'> {
  const type = obx.text(2);
  return {
    type,
    code: readCoded(obx.first(3)),
    values: obx.isNull(5) ? [] : obx.repetitions(5).map((one) => readValue(type, one)),
    units: obx.text(6),
    range: obx.text(7),
    flag: obx.text(8),
    status: obx.text(11),
    at: readTime(obx.text(14)),
  };
}

export function readCoded(field: Repetition | undefined): Coded | undefined {
  if (field === undefined) return undefined;
  // Codes and systems have no parts; a text may hold an unescaped "&".
  const [code, system] = [field.text(1, 1), field.text(3, 1)];
  const [text, alternate] = [field.text(2), field.text(4, 1)];
  if (code === undefined && text === undefined && alternate === undefined) return undefined;
  const [otherText, otherSystem] = [field.text(5), field.text(6)];
  return {
    ...{ code, text, system },
    alternate:
      alternate === undefined
        ? undefined
        : {
            code: alternate,
            ...(otherText === undefined ? {} : { text: otherText }),
            ...(otherSystem === undefined ? {} : { system: otherSystem }),
          },
  };
}

const CODED_TYPES = ['CE', 'CWE', 'CNE', 'CF', 'IS', 'ID'];
const NUMBER = /^([<>]=?|[≤≥＜＞])?\s*([+-]?\d+(?:\.\d+)?)$/;
const COMPARATORS: Readonly<Record<string, Measured['comparator']>> = {
  ...{ '<': '<', '>': '>', '<=': '<=', '>=': '>=' },
  ...{ '≤': '<=', '≥': '>=', '＜': '<', '＞': '>' },
};

function readValue(type: string | undefined, value: Repetition): ObservedValue {
  if (type === 'SN') return { text: undefined, measured: readStructuredNumber(value), coded: undefined };
  if (CODED_TYPES.includes(type ?? '')) {
    const coded = readCoded(value);
    return { text: coded?.text, measured: undefined, coded };
  }
  const text = value.whole;
  return { text, measured: measuredIn(text), coded: undefined };
}

/** SN: comparator, number, separator, second number. A ratio or a range is no single number. */
function readStructuredNumber(value: Repetition): Measured | undefined {
  if (value.text(3) !== undefined || value.text(4) !== undefined) return undefined;
  const number = value.text(2);
  return number === undefined ? undefined : measuredIn(`${value.text(1) ?? ''}${number}`);
}

export function measuredIn(text: string): Measured | undefined {
  const [, comparator, number] = NUMBER.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  return { number, comparator: comparator === undefined ? undefined : COMPARATORS[comparator] };
}
