import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { PlanDiffView } from '../../schedules/item-view.js';
import type { RecordMerge } from './record-merge.entity.js';
import { type Merged, RecordMerges } from './record-merges.service.js';

const MergeInput = z
  .strictObject({
    from: Uuid.describe('The other record of the same person; it ends'),
    reason: text(500).describe('How it is known that both are one person'),
  })
  .meta({ id: 'MergeInput' });

const UndoInput = z
  .strictObject({ reason: text(500).optional().describe('Why these are two people') })
  .meta({ id: 'UndoMergeInput' });

const RecordMergeView = z
  .object({
    id: z.uuid(),
    patientId: z.uuid().describe('The record that goes on'),
    from: z.uuid().describe('The record that was merged into it'),
    reason: z.string(),
    author: z.string(),
    mergedAt: z.iso.datetime(),
    undoneAt: z.iso.datetime().nullable(),
    undoneBy: z.string().nullable(),
    undoReason: z.string().nullable(),
  })
  .meta({ id: 'RecordMerge' });

const MergedView = RecordMergeView.extend({
  plan: PlanDiffView.describe('What it did to the plan of the record that goes on'),
  events: z.int().describe('How many events it copied, or took back'),
  decisions: z.int().describe('How many decisions'),
  withdrawals: z.array(z.string()).describe('Channels by which the stricter consent holds'),
  filled: z.array(z.string()).describe('Fields that the record did not have and took over'),
  differences: z
    .array(
      z.object({
        field: z.string(),
        target: z.string().nullable().describe('What holds'),
        source: z.string().nullable(),
      }),
    )
    .describe('Fields in which the records differ'),
}).meta({ id: 'MergedRecords' });

@ApiTags('patients')
@ApiBearerAuth()
@Controller()
export class RecordMergesController {
  constructor(private readonly merges: RecordMerges) {}

  @Post('patients/:id/merge')
  @HttpCode(200)
  @ApiOperation({ summary: 'Merge another record of the same person into this one; says what it did' })
  @ApiResponse({ status: 200, standardSchema: MergedView })
  async merge(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: MergeInput }) input: z.output<typeof MergeInput>,
  ): Promise<z.input<typeof MergedView>> {
    return mergedView(await this.merges.merge(id, input));
  }

  @Post('merges/:id/undo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Undo a merge: takes back what it copied, and opens the other record again' })
  @ApiResponse({ status: 200, standardSchema: MergedView })
  async undo(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: UndoInput.optional() }) input: z.output<typeof UndoInput> | undefined,
  ): Promise<z.input<typeof MergedView>> {
    return mergedView(await this.merges.undo(id, input?.reason));
  }

  @Get('patients/:id/merges')
  @ApiOperation({ summary: 'The merges of a patient, the newest first, undone ones included' })
  @ApiResponse({
    status: 200,
    standardSchema: z.object({ items: z.array(RecordMergeView) }).meta({ id: 'RecordMerges' }),
  })
  async list(
    @Param('id', { schema: Uuid }) id: string,
  ): Promise<{ items: z.input<typeof RecordMergeView>[] }> {
    return { items: (await this.merges.list(id)).map(viewOf) };
  }
}

const mergedView = ({ merge, plan, events, differences }: Merged): z.input<typeof MergedView> => ({
  ...viewOf(merge),
  ...{ plan, events, differences: [...differences] },
  decisions: merge.done.decisions.length,
  withdrawals: merge.done.withdrawals.map(({ channel }) => channel),
  filled: Object.keys(merge.done.filled),
});

const viewOf = (merge: RecordMerge): z.input<typeof RecordMergeView> => ({
  ...{ id: merge.id, patientId: merge.patientId, from: merge.sourceId },
  ...{ reason: merge.reason, author: merge.author, mergedAt: merge.mergedAt.toISOString() },
  undoneAt: merge.undoneAt?.toISOString() ?? null,
  ...{ undoneBy: merge.undoneBy, undoReason: merge.undoReason },
});
