import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { nextCursor, pageBy, pageOf } from '../platform/http/paging.js';
import { AUDIT_COLUMNS, type AuditRow } from '../tenancy/audit-entry.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { Instant } from '../platform/instant.js';

const AuditEventView = z
  .object({
    id: z.uuid(),
    recordedAt: z.iso.datetime(),
    call: z.string().describe('Method and route, or the step of the program'),
    outcome: z.enum(['done', 'refused']),
    status: z.int().nullable().describe('Of the answer; null where it was recorded with what it did'),
    callerKind: z.enum(['person', 'key', 'program']),
    callerId: z.string(),
    roles: z.array(z.string()),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    purpose: z.string().describe('HL7 v3 PurposeOfUse'),
    patients: z.array(z.uuid()).describe('Whose data was seen or changed'),
    detail: z.looseObject({}).nullable(),
  })
  .meta({ id: 'AuditEvent' });

/** In one page, which may be shorter therefore: an import names every patient of the file. */
const MOST_PATIENTS_NAMED = 20_000;

const AuditEventPage = pageOf('AuditEvents', AuditEventView);

const AuditQuery = pageBy(z.tuple([Instant, z.uuid()])).extend({
  from: Instant.optional().describe('Recorded at or after this instant'),
  to: Instant.optional().describe('Recorded before this instant'),
  patient: z.uuid().optional().describe('Only what concerned this patient'),
});

@ApiTags('audit')
@ApiBearerAuth()
@Controller('audit-events')
export class AuditController {
  constructor(private readonly scope: HospitalScope) {}

  @Get()
  @ApiOperation({
    summary: 'Who saw and did what, oldest first; a page that names 20,000 patients is shorter',
  })
  @ApiResponse({ status: 200, standardSchema: AuditEventPage })
  async find(
    @Query({ schema: AuditQuery }) query: z.output<typeof AuditQuery>,
  ): Promise<z.output<typeof AuditEventPage>> {
    const { from, to, patient, cursor, limit } = query;
    const rows = await this.scope.transaction(({ db, hospital }) =>
      db.query<AuditRow[]>(
        `SELECT ${AUDIT_COLUMNS} FROM (
           SELECT f.*, sum(cardinality(f.patients)) OVER (ORDER BY f.recorded_at, f.id ROWS UNBOUNDED PRECEDING)
                       - cardinality(f.patients) - lag(cardinality(f.patients), 1, 0) OVER (ORDER BY f.recorded_at, f.id) AS named
             FROM (SELECT * FROM audit_event WHERE hospital_id = $1
                      AND ($2::timestamptz IS NULL OR recorded_at >= $2) AND ($3::timestamptz IS NULL OR recorded_at < $3)
                      AND ($4::uuid IS NULL OR patients @> ARRAY[$4::uuid])
                      AND ($5::timestamptz IS NULL OR (recorded_at, id) > ($5, $6::uuid))
                    ORDER BY recorded_at, id LIMIT $7) AS f) AS e
          WHERE named < ${MOST_PATIENTS_NAMED} ORDER BY e.recorded_at, e.id`,
        [...[hospital.id, from ?? null, to ?? null, patient ?? null], ...(cursor ?? [null, null]), limit + 1],
      ),
    );
    const shown = Math.min(limit, rowsNaming(rows, MOST_PATIENTS_NAMED));
    return {
      items: rows.slice(0, shown).map(viewOf),
      nextCursor: nextCursor(rows, shown, (last) => [last.recordedAt, last.id]),
    };
  }
}

/** The number of first rows until they name so many patients; one at least. The query brings one row more. */
function rowsNaming(rows: readonly AuditRow[], most: number): number {
  let named = 0;
  const last = rows.findIndex(({ patients }) => (named += patients.length) >= most);
  return last === -1 ? rows.length : last + 1;
}

const viewOf = (row: AuditRow): z.output<typeof AuditEventView> => ({
  id: row.id,
  recordedAt: row.recordedAt,
  call: row.call,
  outcome: row.outcome,
  status: row.status,
  callerKind: row.callerKind,
  callerId: row.callerId,
  roles: [...row.roles],
  address: row.address,
  requestId: row.requestId,
  purpose: row.purpose,
  patients: [...row.patients],
  detail: row.detail,
});
