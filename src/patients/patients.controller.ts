import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../platform/http/paging.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { text } from '../platform/text.js';
import { MOST_EVENTS, MOST_VOIDED_SHOWN } from './event-history.js';
import { RecordedEventFields, recordedEventFields } from './event-view.js';
import { PatientInput } from './patient-input.js';
import { PatientView, patientView } from './patient-view.js';
import { possibleDuplicatesFields, PossibleDuplicatesFields } from './possible-duplicates.js';
import { PatientsService, type PatientWithIdentity } from './patients.service.js';
import { issue } from '../platform/messages/issues.js';

const EventView = z
  .looseObject({
    ...RecordedEventFields,
    recordedAt: z.iso.datetime(),
    voidedAt: z.iso.datetime().nullable(),
    voidedBy: z.string().nullable().describe('Null also where it was voided before names were kept'),
    voidReason: z.string().nullable(),
  })
  .meta({ id: 'ClinicalEvent' });

const PatientQuery = pageBy(z.tuple([text(64)])).extend({
  mrn: text(64).optional().describe('Only the patient with this mrn'),
});

const SearchInput = pageBy(z.tuple([text(64)]))
  .extend({
    name: text(200).optional().describe('The whole name'),
    surname: text(100).optional(),
    phone: text(40).optional().describe('With or without +86 and separators'),
    identityNumber: text(40).optional(),
    mrn: text(64).optional(),
  })
  .strict()
  .refine(
    ({ name, surname, phone, identityNumber, mrn }) =>
      [name, surname, phone, identityNumber, mrn].some((wanted) => wanted !== undefined),
    {
      path: ['name'],
      error: issue('search-terms-required'),
    },
  )
  .meta({ id: 'PatientSearch' });

type View = z.input<typeof PatientView>;

const RegisteredView = PatientView.extend(PossibleDuplicatesFields).meta({ id: 'RegisteredPatient' });

@ApiTags('patients')
@ApiBearerAuth()
@Controller('patients')
export class PatientsController {
  constructor(private readonly patients: PatientsService) {}

  @Post()
  @ApiOperation({ summary: 'Register a patient' })
  @ApiResponse({ status: 201, standardSchema: RegisteredView })
  async register(
    @Body({ schema: PatientInput }) input: PatientInput,
  ): Promise<z.input<typeof RegisteredView>> {
    const { possible, ...shown } = await this.patients.register(input);
    return { ...patientView(shown), ...possibleDuplicatesFields(possible) };
  }

  @Get()
  @ApiOperation({ summary: 'Patients by mrn' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Patients', PatientView) })
  async list(
    @Query({ schema: PatientQuery }) { limit, cursor, mrn }: z.output<typeof PatientQuery>,
  ): Promise<Page<View>> {
    return pageView(await this.patients.list(limit, cursor?.[0], mrn), limit);
  }

  @Post('search')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Patients found by whole name, surname, phone or identity number, which no address may carry',
  })
  @ApiResponse({ status: 200, standardSchema: pageOf('FoundPatients', PatientView) })
  async search(
    @Body({ schema: SearchInput }) { limit, cursor, ...wanted }: z.output<typeof SearchInput>,
  ): Promise<Page<View>> {
    return pageView(await this.patients.search(limit, cursor?.[0], wanted), limit);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One patient' })
  @ApiResponse({ status: 200, standardSchema: PatientView })
  async get(@Param('id', { schema: Uuid }) id: string): Promise<View> {
    return patientView(await this.patients.get(id));
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'The clinical events of a patient, and of voided ones the 500 latest' })
  @ApiResponse({
    status: 200,
    standardSchema: z
      .object({ items: z.array(EventView).max(MOST_EVENTS + MOST_VOIDED_SHOWN) })
      .meta({ id: 'ClinicalEvents' }),
  })
  async history(@Param('id', { schema: Uuid }) id: string): Promise<{ items: z.input<typeof EventView>[] }> {
    return { items: (await this.patients.history(id)).map(eventView) };
  }
}

function pageView(found: readonly PatientWithIdentity[], limit: number): Page<View> {
  return {
    items: found.slice(0, limit).map(patientView),
    nextCursor: nextCursor(found, limit, ({ patient }) => [patient.mrn]),
  };
}

function eventView(event: ClinicalEvent): z.input<typeof EventView> {
  const { recordedAt, voidedAt, voidedBy, voidReason } = event;
  return {
    ...recordedEventFields(event),
    recordedAt: recordedAt.toISOString(),
    voidedAt: voidedAt?.toISOString() ?? null,
    voidedBy,
    voidReason,
  };
}
