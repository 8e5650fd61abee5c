import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { issue } from '../../platform/messages/issues.js';
import { type Role, ROLES } from '../../tenancy/caller.js';
import { refuseLimited } from '../giving-rights.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { Hospital } from '../../tenancy/hospital.entity.js';

const SecondFactorRequirement = z
  .strictObject({
    roles: z
      .array(z.enum(ROLES))
      .max(ROLES.length)
      .refine((roles) => new Set(roles).size === roles.length, issue('roles-once'))
      .describe('People with one of these roles need a second factor; all roles: everyone; none: nobody'),
  })
  .meta({ id: 'SecondFactorRequirement' });
type SecondFactorRequirement = z.output<typeof SecondFactorRequirement>;

/** The roles for which the hospital requires a second factor. Applies to running sessions too. */
@ApiTags('people')
@ApiBearerAuth()
@Controller('second-factor-requirement')
export class SecondFactorRequirementController {
  constructor(private readonly scope: HospitalScope) {}

  @Get()
  @ApiOperation({ summary: 'Whose roles need a second factor' })
  @ApiResponse({ status: 200, standardSchema: SecondFactorRequirement })
  async show(): Promise<SecondFactorRequirement> {
    return this.scope.transaction(async ({ db, hospital }) => {
      const { secondFactorRoles: roles } = await db.findOneByOrFail(Hospital, { id: hospital.id });
      return { roles };
    });
  }

  @Put()
  @ApiOperation({
    summary: 'Require a second factor of everyone, or of some roles; without one, people can only enrol',
  })
  @ApiResponse({ status: 200, standardSchema: SecondFactorRequirement })
  async change(
    @Body({ schema: SecondFactorRequirement }) { roles }: { roles: Role[] },
  ): Promise<SecondFactorRequirement> {
    return this.scope.transaction(async ({ db, caller, hospital }) => {
      refuseLimited(caller);
      await db.update(Hospital, { id: hospital.id }, { secondFactorRoles: roles });
      return { roles };
    });
  }
}
