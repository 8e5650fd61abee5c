import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Language } from '../../../guideline/guideline.js';
import type { DomainError as Refusal } from '../../../platform/domain-error.js';
import { DomainError } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { withPlanDiffs } from '../../../schedules/plan-diffs-seen.js';
import { isLimited } from '../../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import { type ChangedItem, changedItems } from '../../inbound/changed-item.js';
import { AppointmentResources } from './appointment-resources.js';
import { type Step, stepsOf } from './bundle-plan.js';
import { ExamResources } from './exam-resources.js';
import { FactResources } from './fact-resources.js';
import {
  type EntryOutcome,
  type InboundContext,
  type InboundEntry,
  keptNothing,
  type Operation,
} from './inbound-entry.js';
import { PatientResources } from './patient-resources.js';
import { refusedAt } from './reading/fault.js';
import { type ReadEntry, readBundle, readResource } from './request-reading.js';
import { RequestLog } from './request-log.js';

/** Why an entry was not applied, or what it became. */
export type EntryResult = EntryOutcome | Refusal;

export interface BundleResult {
  readonly type: 'transaction' | 'batch';
  readonly entries: readonly EntryResult[];
}

interface RequestOptions {
  /** `Prefer: handling=strict`: what would be kept nothing of is refused. */
  readonly isStrict: boolean;
  readonly language: Language;
}

/** Takes what the hospital's systems write, applies it through the services of the program, and keeps each request in the log. */
@Injectable()
export class InboundRequests {
  constructor(
    private readonly scope: HospitalScope,
    private readonly log: RequestLog,
    private readonly patients: PatientResources,
    private readonly facts: FactResources,
    private readonly exams: ExamResources,
    private readonly appointments: AppointmentResources,
  ) {}

  /** Creates or updates one resource. */
  async resource(
    body: unknown,
    type: string,
    operation: Operation,
    options: RequestOptions,
  ): Promise<EntryOutcome> {
    this.refuseLimited();
    const entry = readResource(body, type, operation);
    const [result] = await this.logged(body, type, options, async (tx, context) => {
      const [outcome] = await this.transaction(tx, [{ is: 'read', entry }], options, context);
      return outcome === undefined ? [] : [outcome];
    });
    if (result === undefined) throw new Error('A resource has no outcome.');
    if (result instanceof DomainError) throw result;
    return result;
  }

  /** A transaction is applied whole or not at all; the entries of a batch do not depend on each other. */
  async bundle(body: unknown, options: RequestOptions): Promise<BundleResult> {
    this.refuseLimited();
    const { bundle, entries } = readBundle(body);
    const type = bundle.type === 'batch' ? 'batch' : 'transaction';
    const results = await this.logged(body, type, options, (tx, context) =>
      type === 'batch'
        ? this.batch(entries, options, context)
        : this.transaction(tx, entries, options, context),
    );
    return { type, entries: results };
  }

  private async logged(
    body: unknown,
    event: string,
    { language }: RequestOptions,
    work: (tx: HospitalTransaction, context: InboundContext) => Promise<readonly EntryResult[]>,
  ): Promise<readonly EntryResult[]> {
    const outcome = await this.scope.joined(async (tx) => {
      const { same: before, mapping } = await this.log.lockSame(tx, body);
      const context: InboundContext = {
        mapping,
        language,
        messageId: before?.id ?? uuidv7(),
        done: new Map(),
      };
      const store = (results: readonly EntryResult[], changes: readonly ChangedItem[]): Promise<void> =>
        this.log.store(tx, { body, event, context, results, changes, before });
      try {
        const { result: results, changes } = await withPlanDiffs(() =>
          this.scope.joined((within) => work(within, context)),
        );
        await store(results, changedItems(changes));
        return results;
      } catch (error) {
        if (!(error instanceof DomainError) || error.issueType === 'busy') throw error;
        await store([error], []);
        return error;
      }
    });
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async transaction(
    tx: HospitalTransaction,
    entries: readonly ReadEntry[],
    { isStrict }: RequestOptions,
    context: InboundContext,
  ): Promise<EntryOutcome[]> {
    const refused = entries.flatMap((one) => (one.is === 'refused' ? [one.refusal] : []));
    const [first] = refused;
    if (first)
      throw new DomainError(
        first.issueType,
        first.code,
        first.text,
        refused.flatMap(({ faults }) => faults),
      );
    const read = entries.flatMap((one) => (one.is === 'read' ? [one.entry] : []));
    const { timeZone, guideline } = tx.hospital;
    const outcomes = new Map<InboundEntry, EntryOutcome>();
    for (const step of stepsOf(read, { timeZone, guideline, mapping: context.mapping }))
      for (const [entry, outcome] of await this.step(tx, step, context)) {
        outcomes.set(entry, outcome);
        if (entry.fullUrl !== undefined) context.done.set(entry.fullUrl, outcome);
      }
    const results = entries.map((one) =>
      one.is === 'read' ? (outcomes.get(one.entry) as EntryOutcome) : notRead(one),
    );
    if (isStrict) refuseKeptNothing(results, entries);
    return results;
  }

  private async step(
    tx: HospitalTransaction,
    step: Step,
    context: InboundContext,
  ): Promise<ReadonlyMap<InboundEntry, EntryOutcome>> {
    if (step.is === 'report') return this.exams.apply(tx, step, context);
    if (step.is === 'patient') {
      const { entry, diagnosisDate } = step;
      return new Map([[entry, await this.patients.apply(tx, { ...entry, diagnosisDate }, context)]]);
    }
    if (step.is === 'fact') return new Map([[step.entry, await this.facts.apply(tx, step.entry, context)]]);
    return new Map([[step.entry, await this.appointments.apply(tx, step.entry, context)]]);
  }

  private async batch(
    entries: readonly ReadEntry[],
    options: RequestOptions,
    context: InboundContext,
  ): Promise<EntryResult[]> {
    const results: EntryResult[] = [];
    for (const one of entries) {
      try {
        const [outcome] = await this.scope.joined((tx) =>
          this.transaction(tx, [one], options, { ...context, done: new Map() }),
        );
        results.push(outcome as EntryOutcome);
      } catch (error) {
        if (!(error instanceof DomainError) || error.issueType === 'busy') throw error;
        results.push(error);
      }
    }
    return results;
  }

  /** A request may name any patient of the hospital, so only callers who see all of them write. */
  private refuseLimited(): void {
    if (isLimited(this.scope.caller))
      throw new DomainError('forbidden', 'whole-hospital-only', msg('hl7-whole-hospital-only'));
  }
}

const notRead = (entry: ReadEntry): EntryOutcome => {
  const type = entry.is === 'other-type' ? entry.type : '';
  return keptNothing(type, msg('fhir-type-not-read', { type }));
};

function refuseKeptNothing(results: readonly EntryOutcome[], entries: readonly ReadEntry[]): void {
  const faults = results.flatMap(({ status, notes: [why] }, index) => {
    const entry = entries[index];
    const pointer = entry?.is === 'read' ? entry.entry.at : `Bundle.entry[${index}].resource`;
    return status === 202 && why ? refusedAt(pointer, 'not-supported', why).faults : [];
  });
  if (faults.length > 0) throw new DomainError('invalid', 'invalid-input', msg('invalid-input'), faults);
}
