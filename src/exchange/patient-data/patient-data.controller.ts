import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Author } from '../../tenancy/author.js';
import { Uuid } from '../../platform/http/paging.js';
import { ERASURE_GROUNDS } from '../../patients/patient.entity.js';
import { PatientView, patientView } from '../../patients/patient-view.js';
import { Erasure } from './erasure.js';
import { MOST_ROWS_OF_A_TABLE, PatientExports } from './patient-export.js';

const ExportView = z
  .object({
    patientId: z.uuid(),
    asOf: z.iso.datetime(),
    records: z
      .record(z.string(), z.array(z.looseObject({})))
      .describe('Every row about the patient, by table and column.'),
    plannedItems: z
      .array(
        z.object({
          ...{ id: z.uuid(), key: z.string(), rule: z.string(), activity: z.string() },
          ...{ earliest: z.iso.date(), due: z.iso.date(), overdue: z.iso.date() },
        }),
      )
      .describe(
        'The items of the plan that are not stored yet, because they lie far ahead or before the enrolment.',
      ),
    incomplete: z
      .array(z.string())
      .describe(`Tables of which only the newest ${MOST_ROWS_OF_A_TABLE} rows are in \`records\`.`),
    seenBy: z
      .array(
        z.looseObject({
          day: z.iso.date(),
          callerKind: z.string(),
          callerId: z.string(),
          name: z.string().nullable(),
          roles: z.array(z.string()),
          purpose: z.string(),
          calls: z.array(z.string()),
          times: z.int(),
        }),
      )
      .describe('Who has seen or changed it, by day, as long as the audit trail is kept.'),
  })
  .meta({ id: 'PatientExport' });

const ErasureInput = z
  .strictObject({
    ground: z
      .enum(ERASURE_GROUNDS)
      .describe('Why; in words of ours, because free text would itself say who it was.'),
    author: Author,
  })
  .meta({ id: 'ErasureInput' });

@ApiTags('patients')
@ApiBearerAuth()
@Controller('patients/:id')
export class PatientDataController {
  constructor(
    private readonly exports: PatientExports,
    private readonly erasure: Erasure,
  ) {}

  @Get('export')
  @ApiOperation({ summary: 'All that is kept about one patient, and who has seen it' })
  @ApiResponse({ status: 200, standardSchema: ExportView })
  async export(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof ExportView>> {
    const { plannedItems, ...exported } = await this.exports.of(id);
    return { ...exported, plannedItems: [...plannedItems] };
  }

  @Post('erase')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Destroy all that says who the patient is, and end the follow-up. Cannot be taken back',
  })
  @ApiResponse({ status: 200, standardSchema: PatientView })
  async erase(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ErasureInput }) input: z.output<typeof ErasureInput>,
  ): Promise<z.input<typeof PatientView>> {
    return patientView(await this.erasure.erase(id, input));
  }
}
