import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { HospitalScope } from '../tenancy/hospital-scope.js';

const MOST_LISTED = 500;

const DepartmentsView = z
  .object({
    items: z
      .array(
        z.object({
          name: z.string(),
          patients: z.int().describe('Patients of the department whom you may see'),
          people: z.int().describe('Active people whose rights name the department'),
        }),
      )
      .max(MOST_LISTED),
  })
  .meta({ id: 'Departments' });
type DepartmentsView = z.output<typeof DepartmentsView>;

/** The departments of the hospital: those of patients, and those that limit what people see. */
@ApiTags('people')
@ApiBearerAuth()
@Controller('departments')
export class DepartmentsController {
  constructor(private readonly scope: HospitalScope) {}

  @Get()
  @ApiOperation({ summary: `The departments of patients and people, by name; ${MOST_LISTED} at most` })
  @ApiResponse({ status: 200, standardSchema: DepartmentsView })
  async list(): Promise<DepartmentsView> {
    return this.scope.transaction(async ({ db, hospital }) => ({
      items: await db.query<DepartmentsView['items']>(DEPARTMENTS, [hospital.id]),
    }));
  }
}

const DEPARTMENTS = `
  SELECT name, sum(patients)::integer AS patients, sum(people)::integer AS people FROM (
    SELECT department AS name, count(*) AS patients, 0 AS people FROM patient
     WHERE hospital_id = $1 AND department IS NOT NULL AND merged_into IS NULL GROUP BY department
    UNION ALL
    SELECT limits.name, 0, count(*) FROM person, unnest(departments) AS limits (name)
     WHERE hospital_id = $1 AND state = 'active' GROUP BY limits.name) AS counted
   GROUP BY name ORDER BY name LIMIT ${MOST_LISTED}`;
