import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nextCursor, Uuid } from '../platform/http/paging.js';
import type { Hospital } from '../tenancy/hospital.entity.js';
import {
  HospitalCreated,
  HospitalInput,
  HospitalPage,
  HospitalPatch,
  HospitalQuery,
  HospitalView,
} from './hospital-schemas.js';
import { Hospitals } from './hospitals.service.js';

@ApiTags('hospitals')
@ApiBearerAuth()
@Controller('hospitals')
export class HospitalsController {
  constructor(private readonly hospitals: Hospitals) {}

  @Post()
  @ApiOperation({ summary: 'Add a hospital and its first administrator' })
  @ApiResponse({ status: 201, standardSchema: HospitalCreated })
  async create(
    @Body({ schema: HospitalInput }) input: HospitalInput,
  ): Promise<z.output<typeof HospitalCreated>> {
    const { hospital, setUp } = await this.hospitals.create(input);
    const { id, login } = setUp.person;
    const { setupCode, setupExpiresAt } = setUp;
    return {
      ...viewOf(hospital),
      administrator: { id, login, setupCode, setupExpiresAt: setupExpiresAt.toISOString() },
    };
  }

  @Get()
  @ApiOperation({ summary: 'The hospitals of this installation' })
  @ApiResponse({ status: 200, standardSchema: HospitalPage })
  async list(
    @Query({ schema: HospitalQuery }) { limit, cursor }: z.output<typeof HospitalQuery>,
  ): Promise<z.output<typeof HospitalPage>> {
    const hospitals = await this.hospitals.list(limit + 1, cursor?.[0]);
    return {
      items: hospitals.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(hospitals, limit, ({ id }) => [id]),
    };
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change the name, code, time zone, language, sign-in rules or networks of a hospital',
  })
  @ApiResponse({ status: 200, standardSchema: HospitalView })
  async change(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: HospitalPatch }) patch: HospitalPatch,
  ): Promise<HospitalView> {
    return viewOf(await this.hospitals.change(id, patch));
  }
}

const viewOf = (hospital: Hospital): HospitalView => ({
  id: hospital.id,
  name: hospital.name,
  code: hospital.code,
  timeZone: hospital.timeZone,
  language: hospital.language,
  passwordPolicy: hospital.passwordPolicy,
  idleMinutes: hospital.idleMinutes,
  networks: [...hospital.networks],
  createdAt: hospital.createdAt.toISOString(),
});
