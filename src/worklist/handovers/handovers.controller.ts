import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../../platform/http/paging.js';
import { issue } from '../../platform/messages/issues.js';
import { LISTS } from '../lists/list-sources.js';
import { CommonFilterFields, ListFilterFields } from '../lists/worklist-query.js';
import { type Handover, Handovers, MOST_DAYS, MOST_PATIENTS } from './handovers.service.js';
import { OwnerPerson } from '../ownership/ownership-schemas.js';

const HandoverList = z
  .strictObject({ list: ListFilterFields.list, ...CommonFilterFields })
  .required({ list: true })
  .meta({ id: 'HandoverList' });

const HandoverInput = z
  .strictObject({
    from: Uuid.describe('Who hands over'),
    to: Uuid.describe('Who stands in; has to see the patients'),
    firstDay: CalendarDay,
    lastDay: CalendarDay.describe(
      `Included; on the next day all returns by itself. At most ${MOST_DAYS} days`,
    ),
    patientIds: z
      .array(Uuid)
      .min(1)
      .max(MOST_PATIENTS)
      .optional()
      .describe('Only these; takes precedence over a handover of all patients. None: all patients'),
    list: z
      .union([z.enum(LISTS), HandoverList])
      .optional()
      .describe(
        `Only those of whom \`from\` owns something and who are on this list now, ${MOST_PATIENTS} at most; a list of GET /lists, or one with filters`,
      ),
  })
  .refine(({ patientIds, list }) => patientIds === undefined || list === undefined, {
    ...{ error: issue('patients-or-list'), path: ['list'] },
  })
  .meta({ id: 'HandoverInput' });

const HandoverView = z
  .object({
    id: z.uuid(),
    from: OwnerPerson,
    to: OwnerPerson,
    firstDay: z.iso.date(),
    lastDay: z.iso.date(),
    allPatients: z.boolean(),
    patientIds: z.array(z.uuid()).describe('Of single patients, those whom you may see'),
    state: z.enum(['coming', 'running', 'over', 'cancelled']),
    author: z.string(),
    createdAt: z.iso.datetime(),
    cancelledAt: z.iso.datetime().nullable(),
    cancelledBy: z.string().nullable(),
  })
  .meta({ id: 'Handover' });
type HandoverView = z.input<typeof HandoverView>;

const HandoverQuery = pageBy(z.tuple([z.uuid()])).extend({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  person: Uuid.optional().describe('Only what this person has handed over or taken'),
});

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('handovers')
export class HandoversController {
  constructor(private readonly handovers: Handovers) {}

  @Post()
  @ApiOperation({ summary: 'Hand over patients to somebody from a first to a last day' })
  @ApiResponse({ status: 201, standardSchema: HandoverView })
  async create(
    @Body({ schema: HandoverInput }) input: z.output<typeof HandoverInput>,
  ): Promise<HandoverView> {
    const { list: named, ...handover } = input;
    return viewOf(
      await this.handovers.create({
        ...handover,
        ...(named !== undefined && { list: typeof named === 'string' ? { list: named } : named }),
      }),
    );
  }

  @Get()
  @ApiOperation({ summary: 'Handovers, the newest first, with those that are over or cancelled' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Handovers', HandoverView) })
  async list(
    @Query({ schema: HandoverQuery }) { limit, cursor, person }: z.output<typeof HandoverQuery>,
  ): Promise<Page<HandoverView>> {
    const found = await this.handovers.list(limit + 1, { before: cursor?.[0], personId: person });
    return {
      items: found.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(found, limit, ({ id }) => [id]),
    };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a handover before its last day: the patients return at once' })
  @ApiResponse({ status: 204 })
  async cancel(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    await this.handovers.cancel(id);
  }
}

const viewOf = ({ patientIds, createdAt, cancelledAt, ...handover }: Handover): HandoverView => ({
  ...handover,
  patientIds: [...patientIds],
  createdAt: createdAt.toISOString(),
  cancelledAt: cancelledAt?.toISOString() ?? null,
});
