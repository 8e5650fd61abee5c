import { Injectable, Logger } from '@nestjs/common';
import { busy, DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ItemStepsService } from '../steps/item-steps.service.js';
import type { BulkInput } from './bulk-schemas.js';

export interface BulkTarget {
  readonly itemId: string | null;
  readonly patientId: string | null;
}

/** What became of one target; `refusal` null: it is done. */
export interface BulkResult extends BulkTarget {
  readonly refusal: DomainError | null;
}

/** After so long the rest is left undone and said to be so: a caller waits no longer for an answer. */
const TAKES_AT_MOST_MS = 20_000;
const RETRY_SECONDS = 1;

/** Does one thing for many rows. Each row has its own transaction: one that is refused takes no other along. */
@Injectable()
export class BulkService {
  private readonly logger = new Logger(BulkService.name);

  constructor(
    private readonly steps: ItemStepsService,
    private readonly contacts: ContactsService,
  ) {}

  /** The results in the order of the targets. */
  async run(input: BulkInput): Promise<BulkResult[]> {
    const ends = performance.now() + TAKES_AT_MOST_MS;
    const results: BulkResult[] = [];
    for (const [target, work] of this.worksOf(input)) {
      const refusal = performance.now() > ends ? notTried() : await this.refusalOf(work);
      results.push({ ...target, refusal });
    }
    return results;
  }

  private async refusalOf(work: () => Promise<unknown>): Promise<DomainError | null> {
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

  private worksOf(input: BulkInput): (readonly [BulkTarget, () => Promise<unknown>])[] {
    if (input.action === 'contact') {
      const contact = fieldsOf(input);
      return input.targets.map(({ patientId }) => [
        { itemId: null, patientId },
        () => this.contacts.record(patientId, contact),
      ]);
    }
    return input.targets.map(({ itemId, etag }) => [
      { itemId, patientId: null },
      () => this.onItem(input, { itemId, ifMatch: etag }),
    ]);
  }

  private onItem(
    input: Exclude<BulkInput, { action: 'contact' }>,
    call: { readonly itemId: string; readonly ifMatch: string | undefined },
  ): Promise<unknown> {
    switch (input.action) {
      case 'complete':
        return this.steps.complete(call, fieldsOf(input));
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

/** The fields of the call for one row. */
const fieldsOf = <Input extends BulkInput>(input: Input): Omit<Input, 'action' | 'targets'> =>
  Object.fromEntries(
    Object.entries(input).filter(([name]) => name !== 'action' && name !== 'targets'),
  ) as Omit<Input, 'action' | 'targets'>;

const notTried = (): DomainError => busy(msg('bulk-not-tried'), RETRY_SECONDS);
