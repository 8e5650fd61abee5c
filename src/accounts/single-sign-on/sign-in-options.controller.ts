import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource, type EntityManager, In } from 'typeorm';
import { z } from 'zod';
import { ROLES } from '../../tenancy/caller.js';
import { DEMONSTRATION_PASSWORD } from '../../tenancy/demonstration.js';
import { beginningOf } from '../../tenancy/hospital-beginning.entity.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { Person } from '../person.entity.js';
import { SsoProvider } from './sso-provider.entity.js';
import { CodeParam } from './sso-schemas.js';

const MOST_PROVIDERS = 20;
const MOST_DEMONSTRATED = 20;

const SignInOptionsView = z
  .object({
    hospital: z.string().nullable().describe('Its name; null: no hospital has this code'),
    providers: z
      .array(z.object({ code: z.string(), name: z.string() }))
      .max(MOST_PROVIDERS)
      .describe('Other systems by which its people sign in: GET /sso/{hospital}/{code}/start'),
    hasPeople: z
      .boolean()
      .describe('false: the program is empty, and the link that its start prints leads to the first run'),
    demonstration: z
      .object({
        password: z.string(),
        people: z
          .array(
            z.object({ login: z.string(), name: z.string(), roles: z.array(z.string()).max(ROLES.length) }),
          )
          .max(MOST_DEMONSTRATED),
      })
      .nullable()
      .describe('People of a demonstration, whose patients are invented, and their common password'),
  })
  .meta({ id: 'SignInOptions' });

interface FoundHospital {
  readonly id: string;
  readonly name: string;
}

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
    const [hospital] = await this.dataSource.query<FoundHospital[]>(
      `SELECT id, name FROM hospital_with_code(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1 END)`,
      [code.toLowerCase()],
    );
    if (!hospital) return { hospital: null, providers: [], hasPeople: true, demonstration: null };
    return this.scope.run(hospital.id, () =>
      this.scope.unaudited(async (tx) => {
        const { db } = tx;
        const { demonstrationLogins } = await beginningOf(tx);
        const providers = await db.find(SsoProvider, {
          where: { hospitalId: hospital.id, enabled: true },
          order: { name: 'ASC', code: 'ASC' },
          take: MOST_PROVIDERS,
        });
        return {
          hospital: hospital.name,
          providers: providers.map(({ code, name }) => ({ code, name })),
          hasPeople: await db.existsBy(Person, { hospitalId: hospital.id }),
          demonstration: await demonstrationOf(db, hospital.id, demonstrationLogins),
        };
      }),
    );
  }
}

/** In their order, so that a visitor begins with the nurse. */
async function demonstrationOf(
  db: EntityManager,
  hospitalId: string,
  logins: readonly string[] | null,
): Promise<z.input<typeof SignInOptionsView>['demonstration']> {
  if (logins === null) return null;
  const found = await db.findBy(Person, { hospitalId, login: In([...logins]), state: 'active' });
  const people = found
    .sort((a, b) => logins.indexOf(a.login) - logins.indexOf(b.login))
    .map(({ login, name, roles }) => ({ login, name, roles }));
  return { password: DEMONSTRATION_PASSWORD, people };
}
