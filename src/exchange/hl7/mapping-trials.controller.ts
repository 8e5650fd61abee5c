import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { render } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';
import { ChangedItemView, MOST_CHANGES } from '../inbound/changed-item.js';
import { MappingFile } from '../mappings/mapping-file.js';
import { MappingTrials, MOST_TRIED, type TriedResult } from './mapping-trials.service.js';
import { MESSAGE_OUTCOMES } from './message-outcome.js';

const Name = text(100);
const MOST_NOTES = 10_000;

const TrialInput = z
  .strictObject({
    mapping: MappingFile.optional().describe('A file that is not stored'),
    stored: z
      .strictObject({ id: Name, version: Name })
      .optional()
      .describe('A stored one, or the built-in one'),
    before: z.uuid().optional().describe('Messages older than this one: `next` of the answer before'),
    limit: z.int().min(1).max(MOST_TRIED).default(MOST_TRIED),
  })
  .refine(({ mapping, stored }) => (mapping === undefined) !== (stored === undefined), {
    path: ['mapping'],
  })
  .meta({ id: 'MappingTrialInput', description: 'Exactly one of mapping and stored.' });

const Tried = z.object({
  messageId: z.uuid(),
  controlId: z.string(),
  type: z.string(),
  event: z.string(),
  receivedAt: z.iso.datetime(),
  did: z.enum(MESSAGE_OUTCOMES).describe('What became of it when it came'),
  would: z.enum(MESSAGE_OUTCOMES).describe('What would become of it now, under this mapping'),
  notes: z.array(z.string()).max(MOST_NOTES),
  refusal: z.array(z.object({ pointer: z.string().nullable(), message: z.string() })).max(MOST_NOTES),
  changedThen: z
    .array(ChangedItemView)
    .max(2 * MOST_CHANGES)
    .describe('What it changed in plans when it came'),
  changes: z
    .array(ChangedItemView)
    .max(MOST_CHANGES)
    .describe('What it would change in plans as they are now'),
});

const TrialView = z
  .object({
    items: z.array(Tried).max(MOST_TRIED),
    next: z.uuid().nullable().describe('Not all messages were tried in the time: go on before this one'),
  })
  .meta({ id: 'MappingTrial' });

@ApiTags('exchange')
@ApiBearerAuth()
@Controller('mappings')
export class MappingTrialsController {
  constructor(private readonly trials: MappingTrials) {}

  @Post('trial')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What the last messages would change under a mapping, beside what they did. Nothing is saved',
    description: `At most ${MOST_TRIED} messages and about three seconds in one call, the newest first.`,
  })
  @ApiResponse({ status: 200, standardSchema: TrialView })
  async try(
    @Body({ schema: TrialInput }) { mapping, stored, before, limit }: z.output<typeof TrialInput>,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof TrialView>> {
    const given = mapping ?? stored;
    if (given === undefined) throw new Error('The schema asks for one of the two.');
    const { results, next } = await this.trials.try(given, { before, limit });
    return { items: results.map((one) => triedView(one, language)), next: next ?? null };
  }
}

const triedView = (
  { message, outcome, notes, refusals, changes, changedThen }: TriedResult,
  language: Language,
): z.input<typeof Tried> => ({
  ...{ messageId: message.id, controlId: message.controlId, type: message.type, event: message.event },
  receivedAt: message.receivedAt.toISOString(),
  ...{ did: message.outcome, would: outcome },
  notes: notes.map((note) => render(note, language)),
  refusal: refusals.map((one) => ({ pointer: one.pointer, message: render(one.message, language) })),
  changes: [...changes],
  changedThen: [...changedThen],
});
