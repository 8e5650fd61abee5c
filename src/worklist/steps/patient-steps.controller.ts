import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../../platform/http/paging.js';
import { PatientStepsService } from './patient-steps.service.js';
import { StepView } from './step-schemas.js';
import { stepText, stepView } from './step-views.js';
import { render } from '../../platform/messages/dictionary.js';

const PatientStepView = StepView.extend({
  itemId: z.uuid(),
  activity: z.string(),
  title: z.string().describe('The step in the language of the answer'),
}).meta({ id: 'PatientStep' });

const Pages = pageBy(z.tuple([z.uuid()]));

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('patients/:id/steps')
export class PatientStepsController {
  constructor(private readonly steps: PatientStepsService) {}

  @Get()
  @ApiOperation({ summary: 'Every step of people about the items of a patient, the newest first' })
  @ApiResponse({ status: 200, standardSchema: pageOf('PatientSteps', PatientStepView) })
  async list(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: Pages }) { cursor, limit }: z.output<typeof Pages>,
    @AnswerLanguage() language: Language,
  ): Promise<Page<z.input<typeof PatientStepView>>> {
    const steps = await this.steps.list(id, limit, cursor?.[0]);
    return {
      items: steps.slice(0, limit).map(({ record, activity }) => ({
        ...stepView(record, language),
        itemId: record.itemId,
        activity,
        title: render(stepText(record.step), language),
      })),
      nextCursor: nextCursor(steps, limit, ({ record }) => [record.id]),
    };
  }
}
