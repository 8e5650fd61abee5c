import { EXAM_EVENT } from '../../../../guideline/facts.js';
import type { Message } from '../../../../guideline/message.js';
import { examFact } from '../../../../guideline/recorded-exam.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import type { IncomingObservation, IncomingValue } from '../../../mappings/incoming-facts.js';
import { interpretReport } from '../../../mappings/report-rules.js';
import { codeIn, codingsOf, namesOf } from './codings.js';
import { incomingCodes, missingDay, type Reading, type ReadingContext, senderOf } from './reading.js';
import { eventFields, examReport, OWN_SYSTEM } from './own-forms.js';
import type { DiagnosticReport, Observation } from './resources.js';
import { dayOf } from './when.js';

const COUNTING = ['final', 'amended', 'corrected', 'appended'];
const TAKEN_BACK = ['entered-in-error', 'cancelled'];
/** The code by which rules of the mapping file name conclusion and conclusion codes of a report. */
const CONCLUSION = 'conclusion';

/** What a report says, with the activity of its exam. */
export type ReportReading = Reading & { readonly activity?: string };

/**
 * A report is an exam only by a rule that the hospital configured, or where it has our own codes. `results` are the
 * observations that it names.
 */
export function readReport(
  report: DiagnosticReport,
  results: readonly Observation[],
  context: ReadingContext,
): ReportReading {
  const { at, timeZone } = context;
  const guideline = context.guideline ?? {};
  const activity = codeIn(report.code, OWN_SYSTEM.activity);
  const meant =
    activity === undefined ? mappedExam(report, results, context) : { activity, outcome: outcomeIn(report) };
  if (meant === undefined)
    return { kind: 'noted', why: msg('fhir-other-report', { code: namesOf(report.code) }) };
  const named = meant.activity === undefined ? {} : { activity: meant.activity };
  const { status, effectiveDateTime, effectivePeriod } = report;
  if (TAKEN_BACK.includes(status)) return { kind: 'taken-back', ...named };
  if (!COUNTING.includes(status)) return { kind: 'noted', why: msg('fhir-not-final') };
  if ('unclear' in meant) return { kind: 'uninterpreted', why: meant.unclear, at: `${at}.code`, ...named };
  const written = effectiveDateTime ?? effectivePeriod?.start;
  const date = dayOf(written, timeZone);
  if (date === undefined) throw missingDay(`${at}.effective`, written);
  const fact = examFact(meant.activity, { date, outcome: meant.outcome }, date, guideline);
  const elements = { '/date': 'effective', '/outcome': 'conclusionCode', '/finding': 'conclusionCode' };
  const ownFields = activity === undefined ? {} : eventFields(report);
  const words = examReport(report);
  return {
    kind: 'event',
    input: {
      ...ownFields,
      ...withoutUnset(fact),
      ...{ type: fact.type, date },
      ...(words !== undefined && { report: words }),
    },
    elements,
    ...named,
  };
}

/** The outcome in the program's own code. */
const outcomeIn = ({ conclusionCode = [] }: DiagnosticReport): string | undefined =>
  conclusionCode.map((concept) => codeIn(concept, OWN_SYSTEM.outcome)).find((one) => one !== undefined);

/** The due date for which an exam was done is known from our own extension alone. */
const withoutUnset = (fields: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== undefined && name !== 'forDue'),
  );

interface MeantExam {
  readonly activity: string;
  readonly outcome: string | undefined;
}

/** The tables of the hospital have the report, and no rule of them fits. */
interface UnclearExam {
  readonly activity?: string;
  readonly unclear: Message;
}

function mappedExam(
  report: DiagnosticReport,
  results: readonly Observation[],
  { mapping }: ReadingContext,
): MeantExam | UnclearExam | undefined {
  const read = interpretReport(mapping, {
    sender: senderOf(report),
    codes: incomingCodes(report.code),
    observations: [...results.map(incomingObservation), ...conclusionOf(report)],
  });
  if (read.is === 'unmapped') return undefined;
  if (read.is === 'interpreted') return read;
  return { ...(read.activity !== undefined && { activity: read.activity }), unclear: read.reason };
}

const incomingObservation = (observation: Observation): IncomingObservation => ({
  codes: incomingCodes(observation.code),
  isFinal: COUNTING.includes(observation.status),
  values: valuesOf(observation),
});

function valuesOf({ valueQuantity, valueString, ...others }: Observation): readonly IncomingValue[] {
  const { valueCodeableConcept } = others as { readonly valueCodeableConcept?: DiagnosticReport['code'] };
  if (valueCodeableConcept !== undefined)
    return [{ text: valueCodeableConcept.text, codes: incomingCodes(valueCodeableConcept) }];
  if (valueString !== undefined) return [{ text: valueString, codes: [] }];
  if (valueQuantity?.value === undefined) return [];
  const { value, comparator } = valueQuantity;
  return comparator === undefined
    ? [{ number: value, codes: [] }]
    : [{ text: `${comparator}${value}`, codes: [] }];
}

const conclusionOf = ({ conclusion, conclusionCode = [], status }: DiagnosticReport): IncomingObservation[] =>
  conclusion === undefined && conclusionCode.length === 0
    ? []
    : [
        {
          codes: [{ code: CONCLUSION }],
          isFinal: COUNTING.includes(status),
          values: [
            {
              text: conclusion,
              codes: conclusionCode.flatMap((concept) =>
                codingsOf(concept).map(({ system, code, display }) => ({ system, code, text: display })),
              ),
            },
          ],
        },
      ];

/** Whether the event is recorded with measured values beside it. */
export const holdsValues = ({ type }: { readonly type: string }): boolean => type === EXAM_EVENT;
