import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ACTIVITIES } from '../guideline/activities.js';
import { statusOn } from '../guideline/planned-item.js';
import { nextCursor, type Page, pageBy, pageOf } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { CalendarDay } from '../patients/clinical-event-input.js';
import { nameOfNurse, NurseView } from '../patients/responsible-nurse.js';
import { ITEM_STATUSES, ItemView } from '../schedules/item-view.js';
import { ESCALATED_TO } from '../schedules/reminder-calendar.js';
import { WorklistService } from './worklist.service.js';

const WorklistItem = ItemView.omit({ section: true, evidence: true, grade: true, reason: true })
  .extend({
    patient: z.object({
      id: z.uuid(),
      mrn: z.string(),
      name: z.string().nullable().describe('null for who may not see it'),
      responsibleNurse: z.string().nullable().describe('How the nurse is called'),
      nurse: NurseView.nullable(),
    }),
    escalatedTo: z
      .string()
      .nullable()
      .describe(
        `Who has to act, because it is late and nobody did (${ESCALATED_TO.join(', ')}); null while the policy names nobody`,
      ),
    messagesWithheld: z
      .string()
      .nullable()
      .describe('Why no system is told about this patient (consent-withdrawn): then this list alone tells.'),
  })
  .meta({ id: 'WorklistItem' });

const Statuses = z
  .string()
  .max(200)
  .transform((text) => [...new Set(text.split(','))])
  .pipe(z.array(z.enum(ITEM_STATUSES)))
  .meta({
    type: 'string',
    description: `Any of ${ITEM_STATUSES.join(', ')}, separated by commas; default overdue,due,upcoming; before_enrolment is refused, see the schedule`,
  });

const WorklistParameters = pageBy(z.tuple([CalendarDay, z.uuid()])).extend({
  status: Statuses.optional(),
  activity: text(61)
    .optional()
    .describe(`One of ${ACTIVITIES.join(', ')}, or one that the guideline declares`),
  from: CalendarDay.optional(),
  to: CalendarDay.optional().describe('Of upcoming items at most 24 months from today'),
  assignee: text(100)
    .optional()
    .describe("The responsible nurse: a person's id, login or name, or what was imported"),
  escalatedTo: z
    .enum(ESCALATED_TO)
    .optional()
    .describe("Only what is late for as long as the hospital's policy says before this one has to act"),
});

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('worklist')
export class WorklistController {
  constructor(private readonly worklist: WorklistService) {}

  @Get()
  @ApiOperation({ summary: 'Items over all patients, oldest due date first' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Worklist', WorklistItem) })
  async find(
    @Query({ schema: WorklistParameters }) query: z.output<typeof WorklistParameters>,
  ): Promise<Page<z.input<typeof WorklistItem>>> {
    const { status, activity, from, to, assignee, escalatedTo, limit, cursor } = query;
    const { today, rows } = await this.worklist.find({
      statuses: status ?? [],
      activity,
      from,
      to,
      assignee,
      escalatedTo,
      limit,
      after: cursor,
    });
    return {
      items: rows.slice(0, limit).map(({ item, patient, name, nurse, escalatedTo, withheld }) => ({
        id: item.id,
        key: item.key,
        pathway: item.pathway,
        rule: item.rule,
        activity: item.activity,
        covers: item.covers,
        sequence: item.sequence,
        earliest: item.earliest,
        due: item.due,
        overdue: item.overdue,
        status: statusOn(today, item),
        completedOn: item.completedOn,
        deviates: item.deviates,
        patient: {
          id: patient.id,
          mrn: patient.mrn,
          name,
          responsibleNurse: nameOfNurse(nurse),
          nurse,
        },
        escalatedTo,
        messagesWithheld: withheld,
      })),
      nextCursor: nextCursor(rows, limit, ({ item }) => [item.due, item.id]),
    };
  }
}
