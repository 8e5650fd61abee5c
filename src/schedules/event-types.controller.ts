import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isPublished } from '../guideline/published/index.js';
import { type RecordableEvent, recordableEvents } from '../guideline/recordable-events.js';
import { text } from '../platform/text.js';
import { GuidelinesService } from './guidelines.service.js';

const Text = z.object({ zh: z.string(), en: z.string() });

const EventTypeView = z
  .object({
    type: z.string(),
    title: Text,
    startsPathway: z.boolean().describe('Follow-up is counted from events of this type'),
    fields: z.array(
      z.object({
        name: z.string(),
        title: Text,
        required: z.boolean(),
        values: z
          .array(z.object({ value: z.string(), title: Text }))
          .nullable()
          .describe('null: any text'),
      }),
    ),
  })
  .meta({ id: 'EventType' });

const EventTypesView = z.object({ items: z.array(EventTypeView) }).meta({ id: 'EventTypes' });

const EventTypesQuery = z.strictObject({
  guideline: text(100).optional().describe('`id` or `id@version`; default: the guideline in force'),
});

@ApiTags('guidelines')
@ApiBearerAuth()
@Controller('event-types')
export class EventTypesController {
  constructor(private readonly guidelines: GuidelinesService) {}

  @Get()
  @ApiOperation({
    summary: 'The types of events of a guideline with their fields, for entry forms',
    description: 'Without `guideline` the fields are required as in POST /patients/{id}/events.',
  })
  @ApiResponse({ status: 200, standardSchema: EventTypesView })
  async list(
    @Query({ schema: EventTypesQuery }) { guideline: name }: z.output<typeof EventTypesQuery>,
  ): Promise<z.input<typeof EventTypesView>> {
    const guideline = await (name === undefined ? this.guidelines.inForce() : this.guidelines.get(name));
    const requiresAll = name === undefined || isPublished(guideline);
    return { items: recordableEvents(guideline, requiresAll).map(eventTypeView) };
  }
}

const eventTypeView = ({ type, title, isClock, fields }: RecordableEvent): z.input<typeof EventTypeView> => ({
  ...{ type, title, startsPathway: isClock },
  fields: fields.map(({ name, title: fieldTitle, isRequired, values }) => ({
    ...{ name, title: fieldTitle, required: isRequired },
    values: values && values.map((value) => ({ ...value })),
  })),
});
