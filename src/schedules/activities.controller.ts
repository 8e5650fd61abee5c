import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { activitiesIn, determinesNextDate, outcomesOf } from '../guideline/activities.js';
import { activityTitle, outcomeTitle } from '../guideline/vocabulary.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';

const Text = z.object({ zh: z.string(), en: z.string() });

const ActivityView = z
  .object({
    code: z.string(),
    title: Text,
    outcomes: z
      .array(z.object({ code: z.string(), title: Text }))
      .describe('What an exam of it can find, the expected outcome first'),
    outcomeRequired: z.boolean().describe('The next date depends on the outcome'),
  })
  .meta({ id: 'Activity' });

const ActivitiesView = z.object({ items: z.array(ActivityView) }).meta({ id: 'Activities' });

@ApiTags('guidelines')
@ApiBearerAuth()
@Controller('activities')
export class ActivitiesController {
  constructor(private readonly scope: HospitalScope) {}

  @Get()
  @ApiOperation({ summary: 'The kinds of exams that the guideline of the hospital plans, with their names' })
  @ApiResponse({ status: 200, standardSchema: ActivitiesView })
  async list(): Promise<z.input<typeof ActivitiesView>> {
    return this.scope.transaction(({ hospital: { guideline = {} } }) =>
      Promise.resolve({
        items: activitiesIn(guideline).map((code) => ({
          code,
          title: activityTitle(code, guideline),
          outcomes: outcomesOf(code, guideline).map((outcome) => ({
            code: outcome,
            title: outcomeTitle(outcome),
          })),
          outcomeRequired: determinesNextDate(code, guideline),
        })),
      }),
    );
  }
}
