import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { WithActivities } from '../../guideline/activities.js';
import { order } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { Uuid } from '../../platform/http/paging.js';
import { render } from '../../platform/messages/dictionary.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { windowOf } from '../../worklist/steps/item-window.js';
import { VisitsQuery, VisitsView } from './visit-schemas.js';
import { type ProposedVisits, VisitsService } from './visits.service.js';

type VisitView = VisitsView['visits'][number];

@ApiTags('planning')
@ApiBearerAuth()
@Controller('patients/:id/visits')
export class VisitsController {
  constructor(private readonly visits: VisitsService) {}

  @Get()
  @ApiOperation({
    summary: 'Propose visits for the open items of a patient: as few trips as possible, with reasons',
  })
  @ApiResponse({ status: 200, standardSchema: VisitsView })
  async ofPatient(
    @Param('id', { schema: Uuid }) patientId: string,
    @Query({ schema: VisitsQuery }) { days }: z.output<typeof VisitsQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<VisitsView> {
    return viewOf(await this.visits.ofPatient(patientId, days), language);
  }
}

function viewOf(
  { today, to, plan, booked, items, guideline }: ProposedVisits,
  language: Language,
): VisitsView {
  const itemOf = (id: string) => dated(items.get(id), guideline, language);
  const proposals = plan.visits.map((visit) => ({
    ...{ date: visit.date, appointmentId: visit.appointmentId },
    items: visit.items.map(({ item, placement }) => ({ ...itemOf(item.id), placement })),
    reasons: visit.reasons.map((reason) => reasonView(reason, language)),
  }));
  const appointments = booked.map(({ appointmentId, date, itemIds }): VisitView => {
    const added = proposals.find((proposal) => proposal.appointmentId === appointmentId);
    const covered = itemIds.filter((id) => items.has(id));
    return {
      ...{ date, appointmentId, reasons: added?.reasons ?? [] },
      items: [
        ...covered.map((id) => ({ ...itemOf(id), placement: 'booked' as const })),
        ...(added?.items ?? []),
      ],
    };
  });
  const proposed = proposals.filter(({ appointmentId }) => appointmentId === null);
  return {
    ...{ asOf: today, to },
    visits: [...appointments, ...proposed].sort((a, b) => order(a.date, b.date)),
    unplanned: plan.unplanned.map(({ item, reason }) => ({
      ...{ ...itemOf(item.id), reason: reasonView(reason, language) },
    })),
  };
}

function dated(item: SurveillanceItem | undefined, guideline: WithActivities, language: Language) {
  if (item === undefined) throw new Error('A visit names an item that was not read.');
  const { earliest, due, last } = windowOf(item);
  const title = activityTitle(item.activity, guideline)[language];
  return { itemId: item.id, activity: item.activity, title, earliest, due, last };
}

const reasonView = (reason: Message, language: Language): { code: string; text: string } => ({
  ...{ code: reason.key, text: render(reason, language) },
});
