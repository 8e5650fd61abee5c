import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { HospitalScope } from '../access/hospital-scope.js';
import { seesIdentity } from '../access/rights.js';
import { nextCursor, pageBy, pageOf, Uuid } from '../paging.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { CLINICAL_EVENT_TYPES } from '../guideline/facts.js';
import { text } from '../text.js';
import { PatientInput } from './patient-input.js';
import type { Patient } from './patient.entity.js';
import { PatientsService } from './patients.service.js';

const PatientView = z
  .object({
    id: z.uuid(),
    mrn: z.string(),
    name: z.string().nullable().describe('null for who may not see it'),
    sex: z.string(),
    birthDate: z.iso.date(),
    diagnosisDate: z.iso.date(),
    phone: z.string().nullable(),
    responsibleNurse: z.string().nullable(),
    department: z.string().nullable(),
    policy: z.object({ profile: z.string().nullable(), liverImaging: z.string().nullable() }),
    enrolledOn: z.iso.date(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Patient' });

const EventView = z
  .looseObject({
    id: z.uuid(),
    type: z.enum(CLINICAL_EVENT_TYPES),
    date: z.iso.date(),
    recordedAt: z.iso.datetime(),
    voidedAt: z.iso.datetime().nullable(),
    voidReason: z.string().nullable(),
  })
  .meta({ id: 'ClinicalEvent' });

const PatientQuery = pageBy(z.tuple([text(64)])).extend({
  mrn: text(64).optional().describe('Only the patient with this mrn'),
});

@ApiTags('patients')
@ApiBearerAuth()
@Controller('patients')
export class PatientsController {
  constructor(
    private readonly patients: PatientsService,
    private readonly scope: HospitalScope,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Register a patient' })
  @ApiResponse({ status: 201, standardSchema: PatientView })
  async register(@Body({ schema: PatientInput }) input: PatientInput): Promise<unknown> {
    return this.viewOf(await this.patients.register(input));
  }

  @Get()
  @ApiOperation({ summary: 'Patients by mrn' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Patients', PatientView) })
  async list(
    @Query({ schema: PatientQuery }) { limit, cursor, mrn }: z.output<typeof PatientQuery>,
  ): Promise<unknown> {
    const patients = await this.patients.list(limit, cursor?.[0], mrn);
    return {
      items: patients.slice(0, limit).map((patient) => this.viewOf(patient)),
      nextCursor: nextCursor(patients, limit, (last) => [last.mrn]),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One patient' })
  @ApiResponse({ status: 200, standardSchema: PatientView })
  async get(@Param('id', { schema: Uuid }) id: string): Promise<unknown> {
    return this.viewOf(await this.patients.get(id));
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'The clinical events of a patient, voided ones included' })
  @ApiResponse({
    status: 200,
    standardSchema: z.object({ items: z.array(EventView) }).meta({ id: 'ClinicalEvents' }),
  })
  async history(@Param('id', { schema: Uuid }) id: string): Promise<unknown> {
    return { items: (await this.patients.history(id)).map(eventView) };
  }

  private viewOf(patient: Patient): unknown {
    return viewOf(patient, seesIdentity(this.scope.caller));
  }
}

function viewOf(patient: Patient, identified: boolean): unknown {
  const {
    id,
    mrn,
    name,
    sex,
    birthDate,
    diagnosisDate,
    phone,
    responsibleNurse,
    department,
    profile,
    liverImaging,
    enrolledOn,
    createdAt,
  } = patient;
  return {
    id,
    mrn,
    name: identified ? name : null,
    sex,
    birthDate,
    diagnosisDate,
    phone: identified ? phone : null,
    responsibleNurse,
    department,
    policy: { profile, liverImaging },
    enrolledOn,
    createdAt: createdAt.toISOString(),
  };
}

function eventView({ id, type, date, detail, recordedAt, voidedAt, voidReason }: ClinicalEvent): unknown {
  return {
    ...detail,
    id,
    type,
    date,
    recordedAt: recordedAt.toISOString(),
    voidedAt: voidedAt?.toISOString() ?? null,
    voidReason,
  };
}
