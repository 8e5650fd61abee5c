import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { encodedCursor, pageBy, Uuid } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { MOST_OF_ONE, type SuspectedRecord, SuspectedDuplicates } from './suspected-duplicates.service.js';

const SuspectedRecordView = z
  .object({
    id: z.uuid(),
    mrn: z.string(),
    name: z.string().nullable().describe('null for who may not see it'),
    sex: z.string(),
    birthDate: z.iso.date(),
    diagnosisDate: z.iso.date(),
    department: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'SuspectedRecord' });

const SuspectedPair = z
  .object({ records: z.array(SuspectedRecordView).length(2) })
  .meta({ id: 'SuspectedPair' });

const MOST_RECORDS = 100;

/** `limit` counts records, each of which may have several pairs. */
const PairPage = z
  .object({
    items: z.array(SuspectedPair).max(MOST_RECORDS * MOST_OF_ONE),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'SuspectedDuplicates' });

const PairQuery = pageBy(z.tuple([CalendarDay, text(20), text(100), z.uuid()])).extend({
  limit: z.coerce.number().int().min(1).max(MOST_RECORDS).default(50),
});

const DismissalInput = z
  .strictObject({ patientIds: z.array(Uuid).length(2).describe('The records of two people') })
  .meta({ id: 'DuplicateDismissalInput' });

@ApiTags('patients')
@ApiBearerAuth()
@Controller('patients/duplicates')
export class SuspectedDuplicatesController {
  constructor(private readonly duplicates: SuspectedDuplicates) {}

  @Get()
  @ApiOperation({
    summary:
      'Pairs of records that are probably of one person, by birth date. A page may be short or empty and have a next one',
  })
  @ApiResponse({ status: 200, standardSchema: PairPage })
  async list(
    @Query({ schema: PairQuery }) { limit, cursor }: z.output<typeof PairQuery>,
  ): Promise<z.input<typeof PairPage>> {
    const { pairs, next } = await this.duplicates.list(limit, cursor);
    return {
      items: pairs.map(([first, second]) => ({ records: [viewOf(first), viewOf(second)] })),
      nextCursor: next === null ? null : encodedCursor(next),
    };
  }

  @Post('dismissals')
  @HttpCode(204)
  @ApiOperation({ summary: 'Say that two records are of two people: the pair is not proposed again' })
  @ApiResponse({ status: 204 })
  async dismiss(
    @Body({ schema: DismissalInput }) { patientIds }: z.output<typeof DismissalInput>,
  ): Promise<void> {
    const [first, second] = patientIds;
    if (first !== undefined && second !== undefined) await this.duplicates.dismiss([first, second]);
  }
}

const viewOf = ({ createdAt, ...record }: SuspectedRecord): z.input<typeof SuspectedRecordView> => ({
  ...record,
  createdAt: createdAt.toISOString(),
});
