import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import type { Message } from '../../guideline/message.js';
import { HospitalScope, notePatient } from '../../tenancy/hospital-scope.js';
import type { ChangedItem } from '../inbound/changed-item.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { MappingsService, refuseUnusable } from '../mappings/mappings.service.js';
import { refuseLimited } from './hl7-messages.service.js';
import { MessageApplication, type Refusal, type TriedMessage } from './message-application.js';
import { readContent } from './message-content.js';
import { type MessageDetail, MessageLog, type StoredMessage } from './message-log.js';

/** One message under another mapping. */
export interface TriedResult {
  readonly message: StoredMessage;
  readonly outcome: TriedMessage['applied']['outcome'];
  readonly notes: readonly Message[];
  readonly refusals: readonly { readonly pointer: string | null; readonly message: Message }[];
  readonly changes: readonly ChangedItem[];
  /** What it changed when it was processed. */
  readonly changedThen: readonly ChangedItem[];
}

export interface MappingTrial {
  readonly results: readonly TriedResult[];
  /** The message to continue before; undefined: all were tried. */
  readonly next: string | undefined;
}

/** How many messages one trial reads, and for how long. */
export const MOST_TRIED = 1000;
const MOST_MILLISECONDS = 3000;
/** Read at once: a message has at most 4 MB. */
const READ_AT_ONCE = 20;
/** Changes of plans that one answer shows. */
const MOST_SHOWN = 2000;

/** Ends the transaction of one tried message, so that nothing of it is written. */
class TriedOnly extends Error {
  constructor(
    readonly tried: TriedMessage,
    readonly then: MessageDetail,
  ) {
    super('Tried, not applied.');
  }
}

/** Applies stored messages by another mapping, and takes each back at once. */
@Injectable()
export class MappingTrials {
  constructor(
    private readonly scope: HospitalScope,
    private readonly log: MessageLog,
    private readonly mappings: MappingsService,
    private readonly application: MessageApplication,
  ) {}

  /** The newest messages first. Each has a transaction of its own, so that other callers do not wait for the whole trial. */
  async try(
    given: Mapping | { readonly id: string; readonly version: string },
    { before, limit }: { readonly before: string | undefined; readonly limit: number },
  ): Promise<MappingTrial> {
    refuseLimited(this.scope.caller);
    const began = performance.now();
    const mapping = await this.scope.transaction(async (tx) => {
      if (!('patientNumber' in given)) return this.mappings.findIn(tx, given.id, given.version);
      refuseUnusable(given, tx);
      return given;
    });
    const results: TriedResult[] = [];
    let cursor = before;
    let shown = 0;
    while (results.length < limit) {
      const page = await this.page(cursor, Math.min(READ_AT_ONCE, limit - results.length));
      for (const message of page) {
        const result = await this.tryOne(message, mapping);
        results.push(result);
        shown += result.changes.length + result.changedThen.length;
        cursor = message.id;
        if (performance.now() - began > MOST_MILLISECONDS || shown > MOST_SHOWN)
          return { results, next: cursor };
      }
      if (page.length < READ_AT_ONCE) return { results, next: undefined };
    }
    return { results, next: cursor };
  }

  private async page(before: string | undefined, limit: number): Promise<readonly StoredMessage[]> {
    return this.scope.transaction(async (tx) => {
      const found = (await this.log.list(tx, { before, limit, onlyHl7: true })).slice(0, limit);
      for (const id of found.flatMap(({ patientIds }) => patientIds)) notePatient(id);
      return found;
    });
  }

  private async tryOne(message: StoredMessage, mapping: Mapping): Promise<TriedResult> {
    const { tried, then } = await this.tried(message, mapping);
    const { applied, detail } = tried;
    const { refusal } = detail;
    const faults = refusal?.faults ?? [];
    return {
      ...{ message, outcome: applied.outcome, notes: detail.notes, changes: detail.changes ?? [] },
      changedThen: then.changes ?? [],
      refusals:
        refusal === undefined ? [] : faults.length > 0 ? faults : [{ pointer: null, message: refusal.text }],
    };
  }

  private async tried({ id }: StoredMessage, mapping: Mapping): Promise<TriedOnly> {
    try {
      return await this.scope.joined(async (tx): Promise<never> => {
        const { content, detail: then } = await this.log.find(tx, id);
        const read = readContent(content);
        throw new TriedOnly(
          'refusal' in read ? unread(read.refusal) : await this.application.tried({ ...read, id }, mapping),
          then,
        );
      });
    } catch (error) {
      if (error instanceof TriedOnly) return error;
      throw error;
    }
  }
}

const unread = (refusal: Refusal): TriedMessage => ({
  applied: { outcome: 'refused', patientIds: [], eventIds: [], notes: [], acts: [] },
  detail: { notes: [], refusal },
});
