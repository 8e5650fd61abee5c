import type { z } from 'zod';
import type { BulkController } from '../../src/worklist/bulk/bulk.controller.js';
import type { BulkInput } from '../../src/worklist/bulk/bulk-schemas.js';
import { type AnswerOf, call } from './http.js';

export type BulkRequest = z.input<typeof BulkInput>;
export type BulkAnswer = AnswerOf<BulkController['run']>;

/** One request for many rows, and one answer that says of each what became of it. */
export const actOnMany = (request: BulkRequest, idempotencyKey: string): Promise<BulkAnswer> =>
  call('POST', '/worklist/bulk', { body: request, idempotencyKey });
