import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { Uuid } from '../../platform/http/paging.js';
import { render } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';
import { MOST_CHANGES, ChangedItemView } from '../inbound/changed-item.js';
import { Hl7Messages } from './hl7-messages.service.js';
import { answerEach } from './message-batches.js';
import type { MessageDetail, StoredMessage } from './message-log.js';
import { MESSAGE_OUTCOMES } from './message-outcome.js';
import { ReceivedMessages } from './received-messages.js';
import { MessageVoids } from './message-voids.service.js';

/** As HL7's transport over HTTP names ER7. */
export const ER7 = 'x-application/hl7-v2+er7';

/** A page of messages, and what one message can name: it has at most 4 MB. */
const MOST_MESSAGES = 200;
const MOST_NAMED = 10_000;

const Hl7MessageView = z
  .object({
    id: z.uuid(),
    controlId: z.string().describe('MSH-10, by which the sender finds the message again'),
    sender: z.string().describe('MSH-3 and MSH-4, divided by |'),
    type: z.string(),
    event: z.string(),
    receivedBy: z.enum(['http', 'mllp']),
    callerName: z.string(),
    receivedAt: z.iso.datetime(),
    processedAt: z.iso.datetime(),
    outcome: z.enum(MESSAGE_OUTCOMES),
    patientIds: z.array(z.uuid()).max(MOST_NAMED),
    eventIds: z.array(z.uuid()).max(MOST_NAMED).describe('Events that the message recorded or voided'),
    voidedAt: z.iso.datetime().nullable().describe('When what the message did was taken back'),
    voidedBy: z.string().nullable(),
  })
  .meta({ id: 'Hl7Message' });

const MessageText = z.object({ pointer: z.string().nullable(), message: z.string() });
const Hl7MessageWhole = Hl7MessageView.extend({
  text: z.string().describe('The message as it came'),
  notes: z.array(z.string()).max(MOST_NAMED).describe('What was left out, and why nothing changed'),
  refusal: z
    .array(MessageText)
    .max(MOST_NAMED)
    .nullable()
    .describe('Why it was refused, and what to send instead'),
  changes: z
    .array(ChangedItemView)
    .max(2 * MOST_CHANGES)
    .describe('What it changed in the plans of patients, on the day on which it was processed'),
  voidReason: z.string().nullable(),
}).meta({ id: 'Hl7MessageWhole' });

const Hl7MessageList = z
  .object({ items: z.array(Hl7MessageView).max(MOST_MESSAGES), nextCursor: z.uuid().nullable() })
  .meta({ id: 'Hl7MessageList' });

const VoidInput = z.strictObject({ reason: text(1000) }).meta({ id: 'MessageVoidInput' });
const VoidedMessage = z
  .object({
    changes: z.array(ChangedItemView).max(MOST_CHANGES).describe('What taking it back changed in plans'),
  })
  .meta({ id: 'VoidedMessage' });

const ListQuery = z.strictObject({
  controlId: text(200).optional(),
  outcome: z.enum(MESSAGE_OUTCOMES).optional(),
  sender: text(500).optional().describe('MSH-3, or MSH-3 and MSH-4 divided by |'),
  cursor: Uuid.optional(),
  limit: z.coerce.number().int().min(1).max(MOST_MESSAGES).default(50),
});

@ApiTags('exchange')
@ApiBearerAuth()
@Controller()
export class Hl7MessagesController {
  constructor(
    private readonly messages: Hl7Messages,
    private readonly received: ReceivedMessages,
    private readonly voids: MessageVoids,
  ) {}

  @Post('hl7v2')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Receive an HL7 v2 message, or a batch of them',
    description:
      'ADT A01 A03 A04 A08 A11 A13 A28 A31 A40, ORU R01 and SIU S12 S13 S14 S15 S26, version 2.3.1 to 2.8, in the character set of MSH-18. The answer is the ' +
      'acknowledgement: 200 for AA and CA, after the message and what it changed are stored; 422 for AE, AR, CE and CR. The same message ' +
      'again (MSH-3, MSH-4, MSH-10) has the same answer and changes nothing. A batch (FHS, BHS) of up to 1,000 messages is answered by a ' +
      'batch of acknowledgements; 422 where one of them refuses.',
  })
  @ApiConsumes(ER7)
  @ApiProduces(ER7)
  @ApiBody({ schema: { type: 'string' } })
  @ApiResponse({
    status: 200,
    description: 'Stored and applied',
    content: { [ER7]: { schema: { type: 'string' } } },
  })
  @ApiResponse({
    status: 422,
    description: 'Refused by an acknowledgement; a wrong parameter by a problem',
    content: {
      [ER7]: { schema: { type: 'string' } },
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  })
  async receive(@Body() content: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const sent = Buffer.isBuffer(content) ? content : Buffer.alloc(0);
    const { bytes, isAccepted } = await answerEach(sent, (message) => this.received.answer(message, 'http'));
    reply.status(isAccepted ? 200 : 422).header('content-type', ER7);
    return bytes;
  }

  @Get('hl7v2-messages')
  @ApiOperation({ summary: 'The HL7 v2 messages of the hospital, the newest first' })
  @ApiResponse({ status: 200, standardSchema: Hl7MessageList })
  async list(
    @Query({ schema: ListQuery }) { cursor, ...query }: z.output<typeof ListQuery>,
  ): Promise<z.input<typeof Hl7MessageList>> {
    const found = await this.messages.list({ ...query, before: cursor });
    const page = found.slice(0, query.limit);
    return {
      items: page.map(messageView),
      nextCursor: found.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  @Get('hl7v2-messages/:id')
  @ApiOperation({ summary: 'One HL7 v2 message with its text and what became of it' })
  @ApiResponse({ status: 200, standardSchema: Hl7MessageWhole })
  async one(
    @Param('id', { schema: Uuid }) id: string,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof Hl7MessageWhole>> {
    const { message, detail, text } = await this.messages.find(id);
    return { ...messageView(message), text, ...detailView(detail, language) };
  }

  @Post('hl7v2-messages/:id/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Apply a message again',
    description:
      'One that was refused or voided, or of which something waits in the inbox. Another one stays as it is, because its facts are recorded.',
  })
  @ApiResponse({ status: 200, standardSchema: Hl7MessageWhole })
  async replay(
    @Param('id', { schema: Uuid }) id: string,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof Hl7MessageWhole>> {
    await this.messages.replay(id);
    return this.one(id, language);
  }

  @Post('hl7v2-messages/:id/void')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take back what a message did',
    description:
      'Voids the events that it recorded, records again those that it replaced, cancels or moves back its appointments. Refused (409) ' +
      'with the reasons where others changed them meanwhile. Data of persons, registrations and merges stay.',
  })
  @ApiResponse({ status: 200, standardSchema: VoidedMessage })
  async void(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: VoidInput }) { reason }: z.output<typeof VoidInput>,
  ): Promise<z.input<typeof VoidedMessage>> {
    return { changes: [...(await this.voids.void(id, reason))] };
  }
}

const messageView = (message: StoredMessage): z.input<typeof Hl7MessageView> => ({
  ...{ id: message.id, controlId: message.controlId, sender: message.sender },
  ...{ type: message.type, event: message.event, outcome: message.outcome },
  ...{ receivedBy: message.receivedBy, callerName: message.callerName },
  patientIds: [...message.patientIds],
  eventIds: [...message.eventIds],
  receivedAt: message.receivedAt.toISOString(),
  processedAt: message.processedAt.toISOString(),
  voidedAt: message.voidedAt?.toISOString() ?? null,
  voidedBy: message.voidedBy,
});

function detailView({ notes, refusal, changes = [], voidReason }: MessageDetail, language: Language) {
  const faults = refusal?.faults.map(({ pointer, message }) => ({
    pointer,
    message: render(message, language),
  }));
  return {
    notes: notes.map((note) => render(note, language)),
    changes: [...changes],
    voidReason: voidReason ?? null,
    refusal:
      refusal === undefined
        ? null
        : faults?.length
          ? faults
          : [{ pointer: null, message: render(refusal.text, language) }],
  };
}
