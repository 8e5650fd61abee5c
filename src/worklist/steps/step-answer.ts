import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import type { ItemAnswer } from './step-schemas.js';
import { itemAnswer, type ItemAtWorkAnswer } from './step-views.js';

/** The answer about one item, with its `ETag` as a header too. */
export function answered(
  answer: ItemAtWorkAnswer,
  language: Language,
  reply: FastifyReply,
): z.input<typeof ItemAnswer> {
  const view = itemAnswer(answer, language);
  void reply.header('etag', view.item.etag);
  return view;
}
