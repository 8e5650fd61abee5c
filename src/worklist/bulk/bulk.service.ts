import { Injectable, Logger } from '@nestjs/common';
import { busy, DomainError, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { itemETag } from '../../schedules/item-etag.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { MOST_ITEMS } from '../appointments/appointment-schemas.js';
import { AppointmentsService } from '../appointments/appointments.service.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { Owners } from '../ownership/owners.service.js';
import { ResultsService } from '../results/results.service.js';
import { ItemStepsService } from '../steps/item-steps.service.js';
import type { ItemAtWorkAnswer } from '../steps/step-views.js';
import type { BulkInput } from './bulk-schemas.js';

export interface BulkTarget {
  readonly itemId: string | null;
  readonly patientId: string | null;
  readonly resultId: string | null;
}

/** What became of one target; `refusal` null: it is done. */
export interface BulkResult extends BulkTarget {
  readonly appointmentId: string | null;
  readonly contactId: string | null;
  /** The `ETag` of the item after the action. */
  readonly etag: string | null;
  readonly refusal: DomainError | null;
}

/** After so long the rest is left undone, and the answer says so: a caller waits no longer for an answer. */
const TAKES_AT_MOST_MS = 20_000;
const RETRY_SECONDS = 1;

/** What an action on an item answers. */
type ChangedItem = Pick<ItemAtWorkAnswer, 'item'>;
type ItemTarget = Extract<BulkInput, { action: 'book' }>['targets'][number];

/** Does one thing for many rows. Each row has its own transaction: one that is refused takes no other along. */
@Injectable()
export class BulkService {
  private readonly logger = new Logger(BulkService.name);

  constructor(
    private readonly schedules: SchedulesService,
    private readonly steps: ItemStepsService,
    private readonly appointments: AppointmentsService,
    private readonly contacts: ContactsService,
    private readonly owners: Owners,
    private readonly results: ResultsService,
  ) {}

  /** The results in the order of the targets. */
  async run(input: BulkInput): Promise<BulkResult[]> {
    const ends = performance.now() + TAKES_AT_MOST_MS;
    if (input.action === 'book') return this.book(input, ends);
    if (input.action === 'contact') return this.contact(input, ends);
    const results: BulkResult[] = [];
    for (const [target, work] of this.worksOf(input)) {
      let etag: string | null = null;
      const refusal = await this.refusalOf(async () => {
        const done = await work();
        if (done !== undefined) etag = itemETag(done.item);
      }, ends);
      results.push({ ...NOTHING_MADE, ...target, etag, refusal });
    }
    return results;
  }

  private async contact(
    input: Extract<BulkInput, { action: 'contact' }>,
    ends: number,
  ): Promise<BulkResult[]> {
    const results: BulkResult[] = [];
    for (const { patientId } of input.targets) {
      let contactId: string | null = null;
      const refusal = await this.refusalOf(async () => {
        contactId = (await this.contacts.record(patientId, fieldsOf(input))).contact.id;
      }, ends);
      results.push({ ...NOTHING_MADE, patientId, contactId, refusal });
    }
    return results;
  }

  /** One appointment for the items of each patient, in the order of their first targets. */
  private async book(input: Extract<BulkInput, { action: 'book' }>, ends: number): Promise<BulkResult[]> {
    const results = new Map<ItemTarget, BulkResult>();
    const byPatient = new Map<string, ItemTarget[]>();
    for (const target of input.targets) {
      let patientId = '';
      const refusal = await this.refusalOf(async () => {
        patientId = (await this.schedules.item(target.itemId)).item.patientId;
      }, ends);
      if (refusal) results.set(target, { ...NOTHING_MADE, itemId: target.itemId, refusal });
      else byPatient.set(patientId, [...(byPatient.get(patientId) ?? []), target]);
    }
    for (const [patientId, targets] of byPatient) {
      let appointmentId: string | null = null;
      const etags = new Map<string, string>();
      const refusal = await this.refusalOf(async () => {
        refuseTooMany(targets);
        const booking = { ...fieldsOf(input), patientId, itemIds: targets.map(({ itemId }) => itemId) };
        const booked = await this.appointments.book(booking, ifMatchOf(targets));
        appointmentId = booked.appointment.id;
        for (const { item } of booked.items) etags.set(item.id, itemETag(item));
      }, ends);
      for (const target of targets) {
        const { itemId } = target;
        const etag = etags.get(itemId) ?? null;
        results.set(target, { ...NOTHING_MADE, itemId, patientId, appointmentId, etag, refusal });
      }
    }
    return input.targets.flatMap((target) => results.get(target) ?? []);
  }

  /** Why the work was not done; null: it is done. */
  private async refusalOf(work: () => Promise<unknown>, ends: number): Promise<DomainError | null> {
    if (performance.now() > ends) return notTried();
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof DomainError) return error;
      // The rows before are done, so the answer has to say so; this one may be tried again.
      this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return busy(msg('bulk-failed'), RETRY_SECONDS);
    }
  }

  private worksOf(
    input: Exclude<BulkInput, { action: 'book' | 'contact' }>,
  ): (readonly [BulkTarget, () => Promise<ChangedItem | undefined>])[] {
    switch (input.action) {
      case 'owner':
        return input.targets.map(({ patientId }) => [
          { ...NO_TARGET, patientId },
          withoutItem(() => this.owners.name(patientId, fieldsOf(input))),
        ]);
      case 'seen':
        return input.targets.map(({ resultId }) => [
          { ...NO_TARGET, resultId },
          withoutItem(() => this.results.seen(resultId, input.author)),
        ]);
      case 'complete':
        return input.targets.map(({ itemId, etag, ...own }) => [
          { ...NO_TARGET, itemId },
          () => this.steps.complete({ itemId, ifMatch: etag }, { ...fieldsOf(input), ...given(own) }),
        ]);
      default:
        return input.targets.map(({ itemId, etag }) => [
          { ...NO_TARGET, itemId },
          () => this.onItem(input, { itemId, ifMatch: etag }),
        ]);
    }
  }

  private onItem(
    input: Extract<BulkInput, { action: 'defer' | 'decline' | 'contraindicate' | 'reopen' }>,
    call: { readonly itemId: string; readonly ifMatch: string | undefined },
  ): Promise<ChangedItem> {
    switch (input.action) {
      case 'defer':
        return this.steps.defer(call, input);
      case 'decline':
        return this.steps.decline(call, input);
      case 'contraindicate':
        return this.steps.contraindicate(call, input);
      case 'reopen':
        return this.steps.reopen(call, input.note);
    }
  }
}

const NO_TARGET: BulkTarget = { itemId: null, patientId: null, resultId: null };
const NOTHING_MADE = { ...NO_TARGET, appointmentId: null, contactId: null, etag: null };

const withoutItem = (work: () => Promise<unknown>) => async (): Promise<undefined> => void (await work());

/** The fields of the call for one row. */
const fieldsOf = <Input extends BulkInput>(input: Input): Omit<Input, 'action' | 'targets'> =>
  Object.fromEntries(
    Object.entries(input).filter(([name]) => name !== 'action' && name !== 'targets'),
  ) as Omit<Input, 'action' | 'targets'>;

/** The fields that a row has itself. */
const given = <Fields extends object>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;

/** Refuses what the call for one appointment refuses by its form. */
function refuseTooMany(targets: readonly ItemTarget[]): void {
  if (targets.length <= MOST_ITEMS) return;
  const message = msg('too-many-items-of-patient', { limit: MOST_ITEMS });
  throw invalid('invalid-input', msg('invalid-input'), [{ pointer: '/targets', code: 'too-long', message }]);
}

/** As the call for one appointment takes it: of every item, or none. */
const ifMatchOf = (targets: readonly ItemTarget[]): string | undefined =>
  targets.every(({ etag }) => etag === undefined)
    ? undefined
    : targets.map(({ etag = '*' }) => etag).join(', ');

const notTried = (): DomainError => busy(msg('bulk-not-tried'), RETRY_SECONDS);
