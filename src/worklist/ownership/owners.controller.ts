import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../../platform/http/paging.js';
import {
  Duty,
  OwnerInput,
  OwnershipView,
  ownershipView,
  OwnerPerson,
  personView,
} from './ownership-schemas.js';
import { Owners, type PatientOwners } from './owners.service.js';

const PatientOwnersView = z
  .object({
    patientId: z.uuid(),
    owners: z
      .array(OwnershipView.extend({ activity: z.string().nullable(), duty: Duty }))
      .describe('Today; activity null: of every activity that is not listed'),
    named: z
      .array(
        z.object({
          activity: z.string().nullable(),
          duty: Duty,
          person: OwnerPerson,
          author: z.string(),
          assignedAt: z.iso.datetime(),
        }),
      )
      .describe('Who was named, beside the responsible nurse'),
  })
  .meta({ id: 'PatientOwners' });

const UnownedPatientView = z
  .object({ id: z.uuid(), mrn: z.string(), department: z.string().nullable(), owner: OwnershipView })
  .meta({ id: 'UnownedPatient' });

const UnownedQuery = pageBy(z.tuple([z.uuid()]));

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('patients')
export class OwnersController {
  constructor(private readonly owners: Owners) {}

  @Get('unowned')
  @ApiOperation({ summary: 'Patients with open items who have no owner of their own' })
  @ApiResponse({ status: 200, standardSchema: pageOf('UnownedPatients', UnownedPatientView) })
  async unowned(
    @Query({ schema: UnownedQuery }) { limit, cursor }: z.output<typeof UnownedQuery>,
  ): Promise<Page<z.input<typeof UnownedPatientView>>> {
    const { staff, found } = await this.owners.unowned(limit, cursor?.[0]);
    return {
      items: found.slice(0, limit).map(({ patient: { id, mrn, department }, owner }) => ({
        ...{ id, mrn, department },
        owner: ownershipView(staff, owner),
      })),
      nextCursor: nextCursor(found, limit, ({ patient }) => [patient.id]),
    };
  }

  @Get(':id/owner')
  @ApiOperation({ summary: 'Who orders, books and reads what a patient needs, today' })
  @ApiResponse({ status: 200, standardSchema: PatientOwnersView })
  async of(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof PatientOwnersView>> {
    return viewOf(await this.owners.of(id));
  }

  @Put(':id/owner')
  @ApiOperation({ summary: 'Name an owner; without activity and duty, the responsible nurse' })
  @ApiResponse({ status: 200, standardSchema: PatientOwnersView })
  async name(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: OwnerInput }) input: z.output<typeof OwnerInput>,
  ): Promise<z.input<typeof PatientOwnersView>> {
    return viewOf(await this.owners.name(id, input));
  }
}

const viewOf = ({ patient, staff, named, owners }: PatientOwners): z.input<typeof PatientOwnersView> => ({
  patientId: patient.id,
  owners: owners.map(({ activity, duty, ...owner }) => ({
    ...{ activity, duty },
    ...ownershipView(staff, owner),
  })),
  named: named.map(({ activity, duty, personId, author, assignedAt }) => ({
    ...{ activity, duty, author, person: personView(staff, personId) },
    assignedAt: assignedAt.toISOString(),
  })),
});
