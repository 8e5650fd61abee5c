import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { FindingField } from '../../guideline/findings.js';
import { RecordedEventFields, recordedEventFields } from '../../patients/event-view.js';
import { Uuid } from '../../platform/http/paging.js';
import { Author } from '../../tenancy/author.js';
import { ResultsService } from './results.service.js';

const ResultView = z
  .looseObject({ ...RecordedEventFields, patientId: z.uuid(), activity: z.string() })
  .meta({ id: 'Result', description: 'A recorded exam; its id is that of the event.' });

const SeenInput = z.strictObject({ author: Author }).meta({ id: 'SeenInput' });

const [MOST_KINDS, MOST_FIELDS, MOST_WORDS] = [200, 20, 20];
const Title = z.object({ zh: z.string(), en: z.string() });
const FindingsView = z
  .object({
    items: z
      .array(
        z.object({
          activity: z.string(),
          kind: z.string(),
          title: Title,
          judged: z.boolean().describe('A clinician has to judge an exam that found this'),
          fields: z
            .array(
              z.object({
                name: z.string(),
                title: Title,
                from: z.int().optional().describe('A whole number, from this one …'),
                to: z.int().optional().describe('… to this one, both included'),
                oneOf: z.array(z.string()).max(MOST_WORDS).optional(),
                anyOf: z.array(z.string()).max(MOST_WORDS).optional().describe('A list of any of these'),
              }),
            )
            .max(MOST_FIELDS),
        }),
      )
      .max(MOST_KINDS),
  })
  .meta({ id: 'FindingKinds' });

@ApiTags('results')
@ApiBearerAuth()
@Controller()
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  @Post('results/:id/seen')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record that somebody has seen the result of an exam' })
  @ApiResponse({ status: 200, standardSchema: ResultView })
  async seen(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: SeenInput }) { author }: z.output<typeof SeenInput>,
  ): Promise<z.input<typeof ResultView>> {
    const { event, activity } = await this.results.seen(id, author);
    return { ...recordedEventFields(event), patientId: event.patientId, activity };
  }

  @Get('findings')
  @ApiOperation({
    summary: 'What exams can find: the kinds of structured findings by activity, and their fields',
  })
  @ApiResponse({ status: 200, standardSchema: FindingsView })
  async findings(): Promise<z.input<typeof FindingsView>> {
    const kinds = await this.results.findingKinds();
    return {
      items: kinds.map(({ activity, kind, title, judged, fields }) => ({
        ...{ activity, kind, title, judged },
        fields: Object.entries(fields).map(([name, field]) => fieldView(name, field)),
      })),
    };
  }
}

type FieldView = z.input<typeof FindingsView>['items'][number]['fields'][number];

function fieldView(name: string, field: FindingField): FieldView {
  const { title } = field;
  if ('from' in field) return { name, title, from: field.from, to: field.to };
  return 'oneOf' in field
    ? { name, title, oneOf: [...field.oneOf] }
    : { name, title, anyOf: [...field.anyOf] };
}
