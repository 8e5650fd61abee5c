import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { activityRecorded } from '../guideline/recorded-exam.js';
import { type ClinicalEventInput, EventInput } from '../patients/clinical-event-input.js';
import { ReasonOfExam } from '../patients/event-view.js';
import { PatientCorrection } from '../patients/patient-input.js';
import { PatientView, patientView } from '../patients/patient-view.js';
import { factOf } from '../patients/recorded-events.js';
import { possibleDuplicatesFields, PossibleDuplicatesFields } from '../patients/possible-duplicates.js';
import { Uuid } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { PlanDiffView } from './item-view.js';
import { RecordedView, recordedView } from './recorded-view.js';
import { ScheduledItemView, scheduledItemView } from './scheduled-item-view.js';
import { SchedulesService } from './schedules.service.js';
import { ReasonView, reasonView } from './reason-view.js';
import { SwitchedOffView, switchedOffView } from './switched-off.js';

const ScheduleView = z
  .object({
    guideline: z.object({ id: z.string(), version: z.string() }),
    asOf: z.iso.date(),
    items: z.array(ScheduledItemView),
    flags: z.array(z.object({ code: z.string(), message: z.string() })),
    unassigned: z
      .array(z.object({ eventId: z.uuid(), date: z.iso.date(), activity: z.string() }))
      .describe('Recorded exams that complete no item. A person may assign one (POST …/decisions)'),
    toJudge: z.array(ReasonOfExam).describe('Results that a clinician has to judge, the latest first'),
    switchedOff: z
      .array(SwitchedOffView)
      .describe('Rules that are switched off, with day, author and reason, and the items that are missing'),
  })
  .meta({ id: 'Schedule' });

const CorrectedView = PatientView.extend({ ...PossibleDuplicatesFields, plan: PlanDiffView }).meta({
  id: 'CorrectedPatient',
});

const VoidInput = z.strictObject({ reason: text(500) }).meta({ id: 'VoidInput' });
const LanguageQuery = z.object({ lang: z.enum(['zh', 'en']).default('zh') });

@ApiTags('schedules')
@ApiBearerAuth()
@Controller()
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  @Post('patients/:id/events')
  @ApiOperation({ summary: 'Record a clinical event; returns the plan diff' })
  @ApiResponse({ status: 201, standardSchema: RecordedView })
  async recordEvent(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: EventInput }) input: ClinicalEventInput,
  ): Promise<RecordedView> {
    return recordedView(await this.schedules.recordEvent(id, input));
  }

  @Patch('patients/:id')
  @ApiOperation({ summary: 'Correct the data of a patient; returns the plan diff' })
  @ApiResponse({ status: 200, standardSchema: CorrectedView })
  async correct(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: PatientCorrection }) correction: PatientCorrection,
  ): Promise<z.input<typeof CorrectedView>> {
    const { shown, possible, plan } = await this.schedules.correct(id, correction);
    return { ...patientView(shown), ...possibleDuplicatesFields(possible), plan };
  }

  @Post('patients/:id/events/:eventId/void')
  @HttpCode(200)
  @ApiOperation({ summary: 'Void a wrong event; returns the plan diff' })
  @ApiResponse({ status: 200, standardSchema: RecordedView })
  async voidEvent(
    @Param('id', { schema: Uuid }) id: string,
    @Param('eventId', { schema: Uuid }) eventId: string,
    @Body({ schema: VoidInput }) { reason }: z.output<typeof VoidInput>,
  ): Promise<RecordedView> {
    return recordedView(await this.schedules.voidEvent(id, eventId, reason));
  }

  @Get('patients/:id/schedule')
  @ApiOperation({ summary: "A patient's surveillance plan" })
  @ApiResponse({ status: 200, standardSchema: ScheduleView })
  async schedule(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: LanguageQuery }) { lang }: z.output<typeof LanguageQuery>,
  ): Promise<z.input<typeof ScheduleView>> {
    const schedule = await this.schedules.schedule(id);
    const { guideline, today, items, flags, unassigned, toJudge, switchedOff } = schedule;
    return {
      guideline: { id: guideline.id, version: guideline.version },
      asOf: today,
      items: items.map((item) => scheduledItemView(schedule, item, lang)),
      flags: flags.map(({ code, message }) => ({ code, message: message[lang] })),
      unassigned: unassigned.map((event) => ({
        eventId: event.id,
        date: event.date,
        activity: activityRecorded(factOf(event), guideline) ?? event.type,
      })),
      toJudge: [...toJudge],
      switchedOff: switchedOff.map((off) => switchedOffView(off, today)),
    };
  }

  @Get('items/:id/reason')
  @ApiOperation({ summary: 'Why an item is due when it is, and what would change it, in both languages' })
  @ApiResponse({ status: 200, standardSchema: ReasonView })
  async reason(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof ReasonView>> {
    const { item, ...planning } = await this.schedules.item(id);
    return reasonView(item, planning);
  }
}
