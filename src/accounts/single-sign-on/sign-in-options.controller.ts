import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { SsoProvider } from './sso-provider.entity.js';
import { CodeParam } from './sso-schemas.js';

const MOST_PROVIDERS = 20;

const SignInOptionsView = z
  .object({
    hospital: z.string().nullable().describe('Its name; null: no hospital has this code'),
    providers: z
      .array(z.object({ code: z.string(), name: z.string() }))
      .max(MOST_PROVIDERS)
      .describe('Other systems by which its people sign in: GET /sso/{hospital}/{code}/start'),
  })
  .meta({ id: 'SignInOptions' });

/** What a sign-in page shows before it knows who signs in. */
@ApiTags('sign-in')
@Controller('sign-in-options')
export class SignInOptionsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
  ) {}

  @Get(':hospital')
  @ApiOperation({ summary: 'The name of a hospital, and the systems by which its people sign in' })
  @ApiResponse({ status: 200, standardSchema: SignInOptionsView })
  async of(
    @Param('hospital', { schema: CodeParam }) code: string,
  ): Promise<z.input<typeof SignInOptionsView>> {
    const [hospital] = await this.dataSource.query<{ id: string; name: string }[]>(
      `SELECT id, name FROM hospital_of_code(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1 END)`,
      [code.toLowerCase()],
    );
    if (!hospital) return { hospital: null, providers: [] };
    const providers = await this.scope.run(hospital.id, () =>
      this.scope.unaudited(({ db }) =>
        db.find(SsoProvider, {
          where: { hospitalId: hospital.id, enabled: true },
          order: { name: 'ASC', code: 'ASC' },
          take: MOST_PROVIDERS,
        }),
      ),
    );
    return { hospital: hospital.name, providers: providers.map(({ code, name }) => ({ code, name })) };
  }
}
