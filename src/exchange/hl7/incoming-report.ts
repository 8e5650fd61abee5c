import type { CalendarDate } from '../../guideline/calendar.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { ReceivedReport } from '../inbound/received-reports.js';
import type { IncomingObservation } from '../mappings/incoming-facts.js';
import { codesOf, type MessageContext } from './message-context.js';
import { dayIn } from './person-input.js';
import type { ObservationFacts, ObservedValue, ReportFacts } from './reading/report.js';

/** Table 0085: results that count. A preliminary result is followed by a final one. */
export const COUNTING = ['F', 'C', 'U'];
/** Deleted, sent in error, not obtainable: what was reported before is taken back. */
export const TAKEN_BACK = ['D', 'W', 'X'];

/** Of OBR-2 and OBR-3 (HL7 v2.7), and short enough for an index. */
const LONGEST_NUMBER = 427;

export const statusOf = (facts: ObservationFacts, report: ReportFacts, among: readonly string[]): boolean =>
  among.includes(facts.status ?? report.status ?? 'F');

/** The number of a report with its sender. Throws for one that no index takes. */
export function reportNumber(report: ReportFacts, { sender, messageId }: MessageContext): string {
  const number = report.fillerNumber ?? report.placerNumber ?? messageId;
  if (number.length > LONGEST_NUMBER)
    throw invalid('invalid-input', msg('invalid-input'), [
      { pointer: '/OBR/3', code: 'too-long', message: msg('hl7-too-long', { limit: LONGEST_NUMBER }) },
    ]);
  return `${sender ?? ''} ${number}`;
}

export const reportedAt = (report: ReportFacts): string =>
  (report.reportedAt ?? report.observedAt)?.text ?? '';

/** The hospital's day of OBR-7, or of the first observation. */
export const examDay = (report: ReportFacts, timeZone: string): CalendarDate | undefined =>
  dayIn(report.observedAt ?? report.observations[0]?.at, timeZone) as CalendarDate | undefined;

/** The report as rules and inbox read it. */
export function incomingReport(
  report: ReportFacts,
  context: MessageContext,
  { patientId, timeZone }: { readonly patientId: string; readonly timeZone: string },
): ReceivedReport {
  return {
    ...{ kind: 'hl7', patientId, sourceId: context.messageId, sender: context.sender },
    codes: codesOf(report.service),
    observations: report.observations
      .filter((facts) => !statusOf(facts, report, TAKEN_BACK))
      .map((facts): IncomingObservation => ({
        codes: codesOf(facts.code),
        isFinal: statusOf(facts, report, COUNTING),
        values: facts.values.map(({ text, measured, coded }) => ({
          ...{ text, codes: codesOf(coded) },
          ...(measured !== undefined &&
            measured.comparator === undefined && { number: Number(measured.number) }),
        })),
      })),
    number: reportNumber(report, context),
    state: stateOf(report),
    reportedAt: reportedAt(report),
    date: examDay(report, timeZone),
    text: textOf(report),
    fields: { code: '/OBR/4', date: '/OBR/7' },
  };
}

/** OBR-25 (table 0123); a report is also taken back when all its observations are, and waits while none of them is final. */
function stateOf(report: ReportFacts): ReceivedReport['state'] {
  const { observations, status = 'F' } = report;
  const allBack =
    observations.length > 0 && observations.every((facts) => statusOf(facts, report, TAKEN_BACK));
  if (status === 'X' || allBack) return 'taken-back';
  const isFinal =
    observations.length === 0 || observations.some((facts) => statusOf(facts, report, COUNTING));
  return COUNTING.includes(status) && isFinal ? 'final' : 'waiting';
}

const textOf = ({ service, observations, notes }: ReportFacts): string =>
  [
    service?.text ?? service?.code ?? '',
    ...observations.map(({ code, values, units, notes: remarks }) =>
      [
        `${code?.text ?? code?.code ?? ''}: ${values.map(valueText).join('\n')} ${units ?? ''}`.trim(),
        ...remarks,
      ].join('\n'),
    ),
    ...notes,
  ]
    .filter((line) => line !== '')
    .join('\n');

const valueText = ({ text, measured, coded }: ObservedValue): string =>
  text ?? coded?.code ?? (measured ? `${measured.comparator ?? ''}${measured.number}` : '');
