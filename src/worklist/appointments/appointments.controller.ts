import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { IF_MATCH } from '../../platform/http/if-match.js';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../../platform/http/paging.js';
import { answered as answeredItem } from '../steps/step-answer.js';
import { ItemAnswer } from '../steps/step-schemas.js';
import type { Appointment } from './appointment.entity.js';
import {
  AppointmentAnswer,
  AppointmentView,
  BookingInput,
  MoveInput,
  OpenAppointmentView,
  OutcomeInput,
} from './appointment-schemas.js';
import {
  type AnsweredAppointment,
  appointmentAnswer,
  appointmentView,
  listedAppointment,
} from './appointment-views.js';
import { AppointmentsService } from './appointments.service.js';
import { UndoService } from './undo.service.js';

const Pages = pageBy(z.tuple([CalendarDay, z.uuid()]));
const OpenPages = Pages.extend({
  from: CalendarDay.optional(),
  to: CalendarDay.optional(),
  needsAttention: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: only those of which the plan has taken away, completed or moved an item'),
});

type AnswerView = z.input<typeof AppointmentAnswer>;

@ApiTags('worklist')
@ApiBearerAuth()
@Controller()
export class AppointmentsController {
  constructor(
    private readonly appointments: AppointmentsService,
    private readonly undoing: UndoService,
  ) {}

  @Post('appointments')
  @ApiOperation({ summary: 'Book one appointment for items of a patient' })
  @ApiHeader({
    ...IF_MATCH,
    description: 'The `ETag` of every item, in the order of `itemIds`, separated by commas',
  })
  @ApiResponse({ status: 201, standardSchema: AppointmentAnswer })
  async book(
    @Body({ schema: BookingInput }) input: BookingInput,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerView> {
    return answered(await this.appointments.book(input, ifMatch), language, reply);
  }

  @Get('appointments')
  @ApiOperation({
    summary: 'Open appointments with patients and items, the earliest day first; those that need attention',
  })
  @ApiResponse({ status: 200, standardSchema: pageOf('OpenAppointments', OpenAppointmentView) })
  async open(
    @Query({ schema: OpenPages }) query: z.output<typeof OpenPages>,
    @AnswerLanguage() language: Language,
  ): Promise<Page<z.input<typeof OpenAppointmentView>>> {
    const { from, to, needsAttention, cursor: after, limit } = query;
    const about = { from, to, needsAttention: needsAttention === 'true', limit, after };
    const found = await this.appointments.open(about);
    return {
      items: found.slice(0, limit).map((appointment) => listedAppointment(appointment, language)),
      nextCursor: nextCursor(found, limit, ({ appointment: { date, id } }) => [date, id]),
    };
  }

  @Get('appointments/:id')
  @ApiOperation({ summary: 'One appointment with its items' })
  @ApiResponse({ status: 200, standardSchema: AppointmentAnswer })
  async get(
    @Param('id', { schema: Uuid }) id: string,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerView> {
    return answered(await this.appointments.get(id), language, reply);
  }

  @Patch('appointments/:id')
  @ApiOperation({ summary: 'Move an appointment, or change its items or what is written of it' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: AppointmentAnswer })
  async move(
    @Param('id', { schema: Uuid }) appointmentId: string,
    @Body({ schema: MoveInput }) input: MoveInput,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerView> {
    return answered(await this.appointments.move({ appointmentId, ifMatch }, input), language, reply);
  }

  @Post('appointments/:id/outcome')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record how an appointment ended; moves all its items' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: AppointmentAnswer })
  async end(
    @Param('id', { schema: Uuid }) appointmentId: string,
    @Body({ schema: OutcomeInput }) input: OutcomeInput,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerView> {
    return answered(await this.appointments.end({ appointmentId, ifMatch }, input), language, reply);
  }

  @Get('patients/:id/appointments')
  @ApiOperation({ summary: 'The appointments of a patient, the latest day first' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Appointments', AppointmentView) })
  async ofPatient(
    @Param('id', { schema: Uuid }) patientId: string,
    @Query({ schema: Pages }) { cursor, limit }: z.output<typeof Pages>,
    @AnswerLanguage() language: Language,
  ): Promise<Page<z.input<typeof AppointmentView>>> {
    return pageView(await this.appointments.ofPatient(patientId, limit, cursor), limit, language);
  }

  @Post('items/:id/undo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the last step about an item back, with its appointment or examination' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: ItemAnswer })
  async undo(
    @Param('id', { schema: Uuid }) itemId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof ItemAnswer>> {
    return answeredItem(await this.undoing.undo({ itemId, ifMatch }), language, reply);
  }
}

const pageView = (
  found: readonly Appointment[],
  limit: number,
  language: Language,
): Page<z.input<typeof AppointmentView>> => ({
  items: found.slice(0, limit).map((appointment) => appointmentView(appointment, language)),
  nextCursor: nextCursor(found, limit, ({ date, id }) => [date, id]),
});

function answered(answer: AnsweredAppointment, language: Language, reply: FastifyReply): AnswerView {
  const view = appointmentAnswer(answer, language);
  void reply.header('etag', view.etag);
  return view;
}
