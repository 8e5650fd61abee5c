import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { EventInput } from '../../patients/clinical-event-input.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { Uuid } from '../../platform/http/paging.js';
import { render } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';
import { RecordedView, recordedView } from '../../schedules/recorded-view.js';
import { INBOX_KINDS, INBOX_STATES, INBOX_SUBJECTS } from './inbox.js';
import { InboxActs, type OpenedEntry, type ShownEntry } from './inbox-acts.service.js';

const MOST_ENTRIES = 200;

const InboxEntryView = z
  .object({
    id: z.uuid(),
    kind: z.enum(INBOX_KINDS),
    subject: z.enum(INBOX_SUBJECTS).describe('What could not be interpreted'),
    patientId: z.uuid(),
    patient: z.object({
      mrn: z.string(),
      name: z.string().nullable().describe('null for who may not see it'),
    }),
    sourceId: z.uuid().describe('The message or resource; POST /hl7v2-messages/{id}/replay reads it again'),
    activity: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    state: z.enum(INBOX_STATES),
    closedAt: z.iso.datetime().nullable(),
    closedBy: z.string().nullable(),
    eventId: z.uuid().nullable().describe('The event that a person recorded'),
  })
  .meta({ id: 'InboxEntry' });

const InboxEntryWhole = InboxEntryView.extend({
  reason: z.string().nullable().describe('Why it could not be interpreted; null after an erasure'),
  text: z.string().nullable().describe('What it says'),
  proposed: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('What is known of the event already: its day, and the fields of the mapping'),
  dismissedBecause: z.string().nullable(),
}).meta({ id: 'InboxEntryWhole' });

const InboxList = z
  .object({ items: z.array(InboxEntryView).max(MOST_ENTRIES), nextCursor: z.uuid().nullable() })
  .meta({ id: 'InboxList' });

const ListQuery = z.strictObject({
  state: z.enum(INBOX_STATES).optional(),
  kind: z.enum(INBOX_KINDS).optional(),
  patientId: Uuid.optional(),
  cursor: Uuid.optional(),
  limit: z.coerce.number().int().min(1).max(MOST_ENTRIES).default(50),
});

const EntryInput = z.strictObject({ event: EventInput }).meta({ id: 'InboxEventInput' });
const DismissalInput = z.strictObject({ reason: text(1000) }).meta({ id: 'InboxDismissalInput' });

@ApiTags('exchange')
@ApiBearerAuth()
@Controller('inbox')
export class InboxController {
  constructor(private readonly acts: InboxActs) {}

  @Get()
  @ApiOperation({
    summary: 'What systems of the hospital sent and could not be interpreted, the newest first',
  })
  @ApiResponse({ status: 200, standardSchema: InboxList })
  async list(
    @Query({ schema: ListQuery }) { cursor, ...query }: z.output<typeof ListQuery>,
  ): Promise<z.input<typeof InboxList>> {
    const found = await this.acts.list({ ...query, before: cursor });
    const page = found.slice(0, query.limit);
    return {
      items: page.map(entryView),
      nextCursor: found.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One entry with its text and reason' })
  @ApiResponse({ status: 200, standardSchema: InboxEntryWhole })
  async one(
    @Param('id', { schema: Uuid }) id: string,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof InboxEntryWhole>> {
    return wholeView(await this.acts.find(id), language);
  }

  @Post(':id/enter')
  @ApiOperation({
    summary: 'Record what the message says',
    description:
      'The event is recorded in the name of the caller. What an earlier version of the report recorded is voided.',
  })
  @ApiResponse({ status: 201, standardSchema: RecordedView })
  async enter(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: EntryInput }) { event }: z.output<typeof EntryInput>,
  ): Promise<z.input<typeof RecordedView>> {
    return recordedView(await this.acts.enter(id, event));
  }

  @Post(':id/dismiss')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close an entry without a record' })
  @ApiResponse({ status: 200, standardSchema: InboxEntryWhole })
  async dismiss(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: DismissalInput }) { reason }: z.output<typeof DismissalInput>,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof InboxEntryWhole>> {
    return wholeView(await this.acts.dismiss(id, reason), language);
  }
}

const entryView = (entry: ShownEntry): z.input<typeof InboxEntryView> => ({
  ...{ id: entry.id, kind: entry.kind, subject: entry.subject, activity: entry.activity },
  ...{ patientId: entry.patientId, patient: entry.patient, sourceId: entry.sourceId, eventId: entry.eventId },
  ...{ state: entry.state, closedBy: entry.closedBy },
  receivedAt: entry.receivedAt.toISOString(),
  closedAt: entry.closedAt?.toISOString() ?? null,
});

const wholeView = (
  { entry, content, closing }: OpenedEntry,
  language: Language,
): z.input<typeof InboxEntryWhole> => ({
  ...entryView(entry),
  reason: content && render(content.reason, language),
  text: content?.text ?? null,
  proposed: content?.proposed ?? null,
  dismissedBecause: closing,
});
