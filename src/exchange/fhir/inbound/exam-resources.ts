import { Injectable } from '@nestjs/common';
import { EXAM_EVENT } from '../../../guideline/facts.js';
import { valuesOf } from '../../../guideline/measured-exam.js';
import type { MeasuredValue } from '../../../guideline/measured-value.js';
import type { ClinicalEvent } from '../../../patients/clinical-event.entity.js';
import { activeEvents } from '../../../patients/recorded-events.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import type { Act } from '../../inbound/applied-change.js';
import { EventRecords, type KnownResource, recordedAct } from './event-records.js';
import { type EntryOutcome, type InboundContext, type InboundEntry, keptNothing } from './inbound-entry.js';
import { KnownPatients } from './known-patients.js';
import {
  isCounting,
  isMeasurement,
  measurementsIn,
  observedAt,
  type ObservedMeasurement,
} from './reading/observation.js';
import { findingIn, isFinding } from './reading/own-forms.js';
import { missingDay, type EventFields, type ReadingContext, type SentValue } from './reading/reading.js';
import { holdsValues, readReport, type ReportReading } from './reading/report.js';
import type { DiagnosticReport, Observation } from './reading/resources.js';
import { dayOf } from './reading/when.js';
import { UnclearResources } from './unclear-resources.js';
import { SourceLinks } from '../source-links.js';

/** Observations that are values of one exam, and the report that names them, if one does. */
export interface ExamGroup {
  readonly report?: InboundEntry<DiagnosticReport>;
  readonly observations: readonly InboundEntry<Observation>[];
}

interface ReadObservation {
  readonly entry: InboundEntry<Observation>;
  /** None for a structured finding of the report. */
  readonly measured: readonly ObservedMeasurement[];
}

/** Observations and reports: measured values and exams with an outcome. */
@Injectable()
export class ExamResources {
  constructor(
    private readonly known: KnownPatients,
    private readonly records: EventRecords,
    private readonly links: SourceLinks,
    private readonly unclear: UnclearResources,
  ) {}

  /** The outcome of each entry of the group. */
  async apply(
    tx: HospitalTransaction,
    group: ExamGroup,
    context: InboundContext,
  ): Promise<ReadonlyMap<InboundEntry, EntryOutcome>> {
    const outcomes = new Map<InboundEntry, EntryOutcome>();
    const reading = (entry: InboundEntry): ReadingContext => readingContext(tx, context, entry);
    const observed: ReadObservation[] = [];
    for (const entry of group.observations) {
      const measured = measurementsIn(entry.resource, reading(entry));
      if (measured.length > 0 || (group.report !== undefined && isFinding(entry.resource)))
        observed.push({ entry, measured });
      else outcomes.set(entry, keptNothing('Observation', whyNot(entry.resource, reading(entry))));
    }
    const { report } = group;
    const results = group.observations.map(({ resource }) => resource);
    const read = report && readReport(report.resource, results, reading(report));
    if (report !== undefined && read?.kind === 'noted')
      outcomes.set(report, keptNothing('DiagnosticReport', read.why));
    const isUnclear = read?.kind === 'uninterpreted';
    const hasReport = read !== undefined && read.kind !== 'noted';
    const first = hasReport ? report : observed[0]?.entry;
    if (first === undefined) return outcomes;
    const place = { context, at: `${first.at}.subject`, fullUrl: first.fullUrl };
    const patient = await this.known.referred(tx, first.resource.subject, place);
    const entries: InboundEntry[] = [
      ...(hasReport && report ? [report] : []),
      ...observed.map(({ entry }) => entry),
    ];
    if ('notFollowed' in patient) {
      for (const entry of entries) outcomes.set(entry, keptNothing(entry.type, msg('fhir-not-followed')));
      return outcomes;
    }
    const found: KnownResource[] = [];
    for (const entry of entries) found.push(await this.records.find(tx, entry, patient.id, context));
    if (isUnclear && found[0] !== undefined) {
      const { why, at, activity } = read;
      const left = await this.unclear.leave(tx, found[0], { subject: 'report', why, at, activity }, context);
      for (const entry of entries) outcomes.set(entry, { ...left, type: entry.type });
      return outcomes;
    }
    const applied = found.every((one) => this.records.isRepeated(one))
      ? found.map((one) => this.records.unchanged(one))
      : await this.applyExam(tx, { found, observed, read: hasReport ? read : undefined }, context);
    entries.forEach((entry, index) => outcomes.set(entry, applied[index] as EntryOutcome));
    return outcomes;
  }

  private async applyExam(
    tx: HospitalTransaction,
    {
      found,
      observed,
      read,
    }: {
      readonly found: readonly KnownResource[];
      readonly observed: readonly ReadObservation[];
      readonly read: ReportReading | undefined;
    },
    context: InboundContext,
  ): Promise<EntryOutcome[]> {
    const [first] = found as [KnownResource, ...KnownResource[]];
    if (found.some(isSuperseded))
      return found.map((one) => ({ ...this.records.unchanged(one), notes: [msg('fhir-superseded')] }));
    const before = await recordedExams(tx, found);
    const values = replaced(
      before.flatMap(({ detail }) => valuesOf(detail)),
      observed,
    );
    const exam = examOf(tx, { read, observed, values, before });
    const voided = new Map<string, Act>();
    for (const one of found) {
      const eventId = await this.records.takeBack(tx, one);
      if (eventId !== undefined)
        voided.set(eventId, { is: 'voided', patientId: one.link?.patientId ?? one.patientId, eventId });
    }
    const eventId = exam === undefined ? null : await this.records.record(first, exam);
    for (const from of voided.keys()) await this.links.moveEvent(tx, from, eventId);
    const acts = [...voided.values(), ...(eventId === null ? [] : [recordedAct(first, eventId)])];
    const outcomes: EntryOutcome[] = [];
    for (const one of found) {
      if (one.link === undefined && eventId === null) {
        outcomes.push(keptNothing(one.entry.type, msg('fhir-taken-back-before'), one.patientId));
        continue;
      }
      const resourceId =
        eventId === null ? undefined : resourceIdOf(eventId, one.entry, { observed, values });
      const outcome = await this.records.remember(
        tx,
        one,
        { eventId, ...(resourceId !== undefined && { resourceId }) },
        context,
      );
      // Only the first entry of the exam names its acts.
      outcomes.push({ ...outcome, acts: one === first ? acts : [] });
    }
    return outcomes;
  }
}

/** The id by which reads show the resource: that of the event, with the place of the value or finding in it. */
function resourceIdOf(
  eventId: string,
  entry: InboundEntry,
  {
    observed,
    values,
  }: {
    readonly observed: readonly ReadObservation[];
    readonly values: readonly { readonly code: string }[];
  },
): string {
  const own = observed.find((one) => one.entry === entry);
  if (own === undefined) return eventId;
  const [measured] = own.measured;
  if (measured !== undefined)
    return `${eventId}-v${values.findIndex(({ code }) => code === measured.code) + 1}`;
  const findings = observed.filter((one) => one.measured.length === 0 && isCounting(one.entry.resource));
  return `${eventId}-f${findings.indexOf(own) + 1}`;
}

export const readingContext = (
  { hospital: { timeZone, guideline } }: HospitalTransaction,
  { mapping }: Pick<InboundContext, 'mapping'>,
  { at }: Pick<InboundEntry, 'at'>,
): ReadingContext => ({ timeZone, guideline, mapping, at });

const whyNot = (observation: Observation, context: ReadingContext) =>
  !isMeasurement(observation, context)
    ? msg('fhir-other-observation')
    : observation.dataAbsentReason === undefined
      ? msg('fhir-not-final')
      : msg('fhir-no-value');

const isSuperseded = ({ link, reportedAt }: KnownResource): boolean =>
  link !== undefined && link.reportedAt !== '' && reportedAt !== '' && link.reportedAt > reportedAt;

/** The exams that the resources became before; none where they were taken back. */
async function recordedExams(
  tx: HospitalTransaction,
  found: readonly KnownResource[],
): Promise<readonly ClinicalEvent[]> {
  const ids = new Set(found.flatMap(({ link }) => link?.eventId ?? []));
  const patients = [...new Set(found.flatMap(({ link }) => link?.patientId ?? []))];
  if (ids.size === 0) return [];
  return [...(await activeEvents(tx, patients)).values()].flat().filter(({ id }) => ids.has(id));
}

/** A later version replaces the values that it names; others of the exam stay, in their places. */
function replaced(
  recorded: readonly MeasuredValue[],
  observed: readonly ReadObservation[],
): readonly (MeasuredValue | SentValue)[] {
  const named = observed.flatMap(({ measured }) => measured);
  const isNamed = (code: string): boolean => named.some((one) => one.code === code);
  const sent = (code: string): readonly SentValue[] =>
    named.flatMap((one) => (one.code === code && one.value !== undefined ? [one.value] : []));
  const added = named.filter(({ code }) => !recorded.some((one) => one.code === code));
  return [
    ...recorded.flatMap((one) => (isNamed(one.code) ? sent(one.code) : [one])),
    ...added.flatMap(({ value }) => value ?? []),
  ];
}

/** The exam to record; undefined: nothing is left of it. */
function examOf(
  { hospital: { timeZone } }: HospitalTransaction,
  {
    read,
    observed,
    values,
    before: [before],
  }: {
    readonly read: ReportReading | undefined;
    readonly observed: readonly ReadObservation[];
    readonly values: readonly (MeasuredValue | SentValue)[];
    readonly before: readonly ClinicalEvent[];
  },
): { readonly input: EventFields; readonly elements: Readonly<Record<string, string>> } | undefined {
  if (read?.kind === 'event') {
    const { activity = '' } = read;
    const named = observed.flatMap(({ entry: { resource } }) =>
      isCounting(resource) ? (findingIn(resource, activity) ?? []) : [],
    );
    const findings = named.length > 0 ? named : before?.detail['findings'];
    return {
      input: {
        ...read.input,
        ...(values.length > 0 && holdsValues(read.input) && { values }),
        ...(findings !== undefined && { findings }),
      },
      elements: read.elements,
    };
  }
  const [one] = observed;
  if (read?.kind === 'taken-back' || values.length === 0 || one === undefined) return undefined;
  const { resource, at } = one.entry;
  const written = observedAt(resource);
  const date = dayOf(written, timeZone);
  if (date === undefined) throw missingDay(`${at}.effective`, written);
  const activity = one.measured[0]?.activity;
  const laboratory = resource.performer?.find(({ display }) => display !== undefined)?.display?.slice(0, 100);
  return {
    input: {
      ...(laboratory !== undefined && { report: { laboratory } }),
      ...before?.detail, // a corrected value keeps what the report has beside it
      ...{ type: EXAM_EVENT, date, activity, values },
    },
    elements: { '/date': 'effective', '/values': 'value' },
  };
}
