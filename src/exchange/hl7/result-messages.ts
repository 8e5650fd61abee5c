import { Injectable } from '@nestjs/common';
import { EXAM_EVENT } from '../../guideline/facts.js';
import { type MeasuredValue } from '../../guideline/measured-value.js';
import { valuesOf } from '../../guideline/measured-exam.js';
import { allMeasurements, codeForm } from '../../guideline/measurements.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { readEvent } from '../../patients/clinical-event-input.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { measurementOfLoinc } from './codes.js';
import { KnownRecords } from './known-records.js';
import { type AppliedMessage, noted, together } from './message-outcome.js';
import { requiredSegment } from './patient-messages.js';
import { dayIn } from './person-input.js';
import { readPerson, recordNumber } from './reading/person.js';
import { type Coded, type ObservationFacts, readReports, type ReportFacts } from './reading/report.js';
import { type ReportedExam, ReportedExams } from './reported-exams.js';

/** Table 0085: results that count. A preliminary result is followed by a final one. */
const COUNTING = ['F', 'C', 'U'];
/** Deleted, sent in error, not obtainable: what was reported before is taken back. */
const TAKEN_BACK = ['D', 'W', 'X'];

/** Of OBR-2 and OBR-3 (HL7 v2.7), and short enough for an index. */
const LONGEST_NUMBER = 427;

interface Exam {
  readonly activity: string;
  readonly observations: readonly { readonly code: string; readonly facts: ObservationFacts }[];
}

/** ORU: the measured values of reports become exams. */
@Injectable()
export class ResultMessages {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly known: KnownRecords,
    private readonly exams: ReportedExams,
  ) {}

  static reads(event: string | undefined): boolean {
    return event === 'R01';
  }

  async apply(tx: HospitalTransaction, message: Hl7Message, messageId: string): Promise<AppliedMessage> {
    const pid = message.first('PID');
    if (!pid) throw requiredSegment('PID');
    const mrn = recordNumber(readPerson(pid).identifiers);
    if (mrn === undefined) throw requiredSegment('PID');
    const record = await this.known.byNumber(tx, mrn);
    if (record === undefined) return noted(msg('hl7-not-followed'));
    const results: AppliedMessage[] = [];
    const sender = message.header.text(3) ?? '';
    for (const report of readReports(message))
      for (const exam of examsIn(tx, report))
        results.push(
          await this.applyExam(
            tx,
            { patientId: record.mergedInto ?? record.id, sender, messageId },
            report,
            exam,
          ),
        );
    if (results.length === 0) return noted(msg('hl7-nothing-followed'));
    return together(results);
  }

  private async applyExam(
    tx: HospitalTransaction,
    { patientId, sender, messageId }: { patientId: string; sender: string; messageId: string },
    report: ReportFacts,
    { activity, observations }: Exam,
  ): Promise<AppliedMessage> {
    const number = report.fillerNumber ?? report.placerNumber ?? messageId;
    if (number.length > LONGEST_NUMBER)
      throw invalid('invalid-input', msg('invalid-input'), [
        { pointer: '/OBR/3', code: 'too-long', message: msg('hl7-too-long', { limit: LONGEST_NUMBER }) },
      ]);
    const key = { report: `${sender} ${number}`, activity };
    const reportedAt = (report.reportedAt ?? report.observedAt)?.text ?? '';
    const before = await this.exams.find(tx, key);
    const sent = observations.filter(({ facts }) => statusOf(facts, report, COUNTING)).map(valueOf);
    const recorded = before === undefined ? [] : await recordedValues(tx, before);
    const isOlder = before !== undefined && before.reportedAt > reportedAt;
    const values = isOlder ? added(recorded, sent) : replaced(recorded, sent, observations);
    if (isOlder && values.length === recorded.length)
      return { ...noted(msg('hl7-superseded')), patientIds: [patientId] };
    const eventIds: string[] = [];
    if (before?.eventId !== undefined) {
      await this.schedules.voidEvent(before.patientId, before.eventId, `ORU^R01 ${key.report}`);
      eventIds.push(before.eventId);
    }
    const eventId =
      values.length === 0
        ? undefined
        : await this.record(tx, { patientId, activity, report, observations, values });
    if (eventId !== undefined) eventIds.push(eventId);
    const nothing = before === undefined && eventId === undefined;
    const newest = isOlder ? before.reportedAt : reportedAt;
    if (!nothing) await this.exams.store(tx, key, { patientId, eventId, reportedAt: newest, messageId });
    return {
      outcome: nothing ? 'noted' : 'applied',
      patientIds: [patientId],
      eventIds,
      notes: nothing ? [msg('hl7-not-final')] : [],
    };
  }

  private async record(
    tx: HospitalTransaction,
    {
      patientId,
      activity,
      report,
      observations,
      values,
    }: {
      patientId: string;
      activity: string;
      report: ReportFacts;
      observations: Exam['observations'];
      values: readonly ExamValue[];
    },
  ): Promise<string> {
    const time = report.observedAt ?? observations[0]?.facts.at;
    const date = dayIn(time, tx.hospital.timeZone);
    if (date === undefined)
      throw invalid('invalid-input', msg('invalid-input'), [
        { pointer: '/OBR/7', code: 'required', message: msg('hl7-day-required') },
      ]);
    const input = { type: EXAM_EVENT, date, activity, values } as unknown as Parameters<typeof readEvent>[0];
    return (await this.schedules.recordEvent(patientId, input)).event.id;
  }
}

interface WrittenValue {
  readonly code: string;
  readonly value: string;
  readonly unit?: string;
  readonly referenceLimit?: number;
  readonly flag?: 'high';
}

type ExamValue = WrittenValue | MeasuredValue;

/** The values of the exam that the report became before; none where it was taken back. */
async function recordedValues(
  tx: HospitalTransaction,
  { patientId, eventId }: ReportedExam,
): Promise<readonly MeasuredValue[]> {
  const events = (await activeEvents(tx, [patientId])).get(patientId) ?? [];
  return valuesOf(events.find(({ id }) => id === eventId)?.detail ?? {});
}

const lacking = (values: readonly ExamValue[], code: string): boolean =>
  !values.some((value) => value.code === code);

/** A later version replaces what it names. A laboratory may send only what it corrected, or one value after the other. */
const replaced = (
  recorded: readonly MeasuredValue[],
  sent: readonly WrittenValue[],
  named: readonly { readonly code: string }[],
): readonly ExamValue[] => [
  ...sent,
  ...recorded.filter(({ code }) => !named.some((observation) => observation.code === code)),
];

/** An earlier version that arrives late adds values that the exam lacks; one that was taken back stays so. */
const added = (recorded: readonly MeasuredValue[], sent: readonly WrittenValue[]): readonly ExamValue[] =>
  recorded.length === 0 ? [] : [...recorded, ...sent.filter(({ code }) => lacking(recorded, code))];

/** Throws for a counting result without one number: it is never left out silently. */
function valueOf({ code, facts }: Exam['observations'][number]): WrittenValue {
  const [value, another] = facts.values;
  if (value?.measured === undefined || another !== undefined)
    throw invalid('invalid-input', msg('invalid-input'), [
      { pointer: '/OBX/5', code: 'invalid', message: msg('hl7-one-number', { code }) },
    ]);
  const { number, comparator = '' } = value.measured;
  const limit = /[-~–—<≤]\s*(\d+(?:\.\d+)?)\s*$/.exec(facts.range ?? '')?.[1];
  return {
    ...{ code, value: `${comparator}${number}` },
    ...(facts.units === undefined ? {} : { unit: facts.units }),
    ...(limit === undefined ? {} : { referenceLimit: Number(limit) }),
    ...(facts.flag?.startsWith('H') ? { flag: 'high' as const } : {}),
  };
}

const statusOf = (facts: ObservationFacts, report: ReportFacts, among: readonly string[]): boolean =>
  among.includes(facts.status ?? report.status ?? 'F');

/** The observations of the report that some activity of the hospital's guideline measures, by activity. */
function examsIn({ hospital }: HospitalTransaction, report: ReportFacts): Exam[] {
  const measured = Object.entries(allMeasurements(hospital.guideline ?? {}));
  const exams = new Map<string, { code: string; facts: ObservationFacts }[]>();
  for (const facts of report.observations) {
    const code = measurementOf(
      facts.code,
      measured.flatMap(([, list]) => list.map((one) => one.code)),
    );
    const [activity] = measured.find(([, list]) => list.some((one) => one.code === code)) ?? [];
    if (code === undefined || activity === undefined) continue;
    if (!statusOf(facts, report, [...COUNTING, ...TAKEN_BACK])) continue;
    exams.set(activity, [...(exams.get(activity) ?? []), { code, facts }]);
  }
  return [...exams].map(([activity, observations]) => ({ activity, observations }));
}

/** By LOINC where the sender names it, else by the sender's own code or text, where it is that of a measurement. */
function measurementOf(code: Coded | undefined, known: readonly string[]): string | undefined {
  const named = [
    { code: code?.code, system: code?.system },
    { code: code?.alternate?.code, system: code?.alternate?.system },
  ];
  for (const one of named) {
    const loinc = one.system === 'LN' ? measurementOfLoinc(one.code ?? '') : undefined;
    if (loinc !== undefined) return loinc;
  }
  if (named.some(({ system }) => system === 'LN')) return undefined; // LOINC says that it is something else
  return known.find((one) => codeForm(one) === codeForm(code?.code ?? ''));
}
