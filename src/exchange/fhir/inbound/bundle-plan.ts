import type { CalendarDate } from '../../../guideline/calendar.js';
import type { InboundEntry } from './inbound-entry.js';
import { readCondition } from './reading/diagnosis.js';
import { measurementsIn, observedAt } from './reading/observation.js';
import { isFinding } from './reading/own-forms.js';
import { ownEvent, type ReadingContext } from './reading/reading.js';
import { referenceTarget } from './reading/references.js';
import { readReport } from './reading/report.js';
import type {
  Appointment,
  Condition,
  DiagnosticReport,
  Observation,
  Patient,
  Procedure,
  Reference,
} from './reading/resources.js';
import { dayOf } from './reading/when.js';

/** What is applied as one, and in the order in which it is: patients first, appointments last. */
export type Step =
  | {
      readonly is: 'patient';
      readonly entry: InboundEntry<Patient>;
      readonly diagnosisDate: CalendarDate | undefined;
    }
  | { readonly is: 'fact'; readonly entry: InboundEntry<Condition | Procedure | Observation> }
  | {
      readonly is: 'report';
      readonly report?: InboundEntry<DiagnosticReport>;
      readonly observations: readonly InboundEntry<Observation>[];
    }
  | { readonly is: 'appointment'; readonly entry: InboundEntry<Appointment> };

type Context = Omit<ReadingContext, 'at'>;

/**
 * The steps of a transaction. A patient is registered with the earliest diagnosis that the same Bundle has; observations
 * that a report names, or that are of one day and activity, are one exam.
 */
export function stepsOf(entries: readonly InboundEntry[], context: Context): readonly Step[] {
  const named = { has: (url: string): boolean => entries.some(({ fullUrl }) => fullUrl === url) };
  const subjectOf = (entry: InboundEntry): string => subjectKey(entry, named);
  const conditions = ofType<Condition>(entries, 'Condition');
  const procedures = ofType<Procedure>(entries, 'Procedure');
  return [
    ...ofType<Patient>(entries, 'Patient').map((entry): Step => {
      const own = conditions.filter((one) => subjectOf(one) === `entry ${entry.fullUrl ?? ''}`);
      return { is: 'patient', entry, diagnosisDate: earliestDiagnosis(own, context) };
    }),
    ...[...conditions, ...procedures, ...ofType<Observation>(entries, 'Observation').filter(isFact)].map(
      (entry): Step => ({ is: 'fact', entry }),
    ),
    ...examsOf(entries, context, subjectOf),
    ...ofType<Appointment>(entries, 'Appointment').map((entry): Step => ({ is: 'appointment', entry })),
  ];
}

const ofType = <R extends InboundEntry['resource']>(
  entries: readonly InboundEntry[],
  type: R['resourceType'],
): readonly InboundEntry<R>[] => entries.filter((one): one is InboundEntry<R> => one.type === type);

function earliestDiagnosis(
  conditions: readonly InboundEntry<Condition>[],
  context: Context,
): CalendarDate | undefined {
  return conditions
    .flatMap(({ resource, at }) => {
      const reading = readCondition(resource, { ...context, at });
      return reading.kind === 'diagnosis' ? [reading.date] : [];
    })
    .sort()[0];
}

function examsOf(
  entries: readonly InboundEntry[],
  context: Context,
  subjectOf: (entry: InboundEntry) => string,
): readonly Step[] {
  const observations = ofType<Observation>(entries, 'Observation').filter((one) => !isFact(one));
  const byUrl = new Map(observations.map((entry) => [entry.fullUrl ?? '', entry]));
  const taken = new Set<InboundEntry>();
  const reported = ofType<DiagnosticReport>(entries, 'DiagnosticReport').map((report): Step => {
    const results = (report.resource.result ?? []).flatMap((reference) => {
      const target = referenceTarget(reference, byUrl, report.fullUrl);
      const found = target.is === 'entry' ? byUrl.get(target.fullUrl) : undefined;
      return found && subjectOf(found) === subjectOf(report) && !taken.has(found) ? [found] : [];
    });
    const read = readReport(
      report.resource,
      results.map(({ resource }) => resource),
      { ...context, at: report.at },
    );
    const own = results.filter(
      (one) =>
        read.activity !== undefined &&
        (isFinding(one.resource) || groupKey(one, context).endsWith(` ${read.activity}`)),
    );
    for (const one of own) taken.add(one);
    return { is: 'report', report, observations: own };
  });
  const groups = new Map<string, InboundEntry<Observation>[]>();
  for (const one of observations) {
    if (taken.has(one)) continue;
    const key = `${subjectOf(one)} ${groupKey(one, context)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...reported, ...[...groups.values()].map((group): Step => ({ is: 'report', observations: group }))];
}

/** Day and activity of an observation; its place where it has no value that is followed. */
function groupKey({ resource, at }: InboundEntry<Observation>, context: Context): string {
  const [measured] = measurementsIn(resource, { ...context, at });
  if (measured === undefined) return at;
  return `${dayOf(observedAt(resource), context.timeZone) ?? at} ${measured.activity}`;
}

const isFact = ({ resource }: InboundEntry<Observation>): boolean => ownEvent(resource) !== undefined;

/** The same text for two entries about one patient. */
function subjectKey({ resource, fullUrl }: InboundEntry, named: { has(fullUrl: string): boolean }): string {
  const { subject } = resource as { readonly subject?: Reference };
  const target = subject && referenceTarget(subject, named, fullUrl);
  if (target === undefined) return '';
  if (target.is === 'entry') return `entry ${target.fullUrl}`;
  return JSON.stringify(target);
}
