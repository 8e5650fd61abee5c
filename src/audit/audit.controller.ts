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
  @ApiOperation({ summary: 'Who saw and did what, oldest first' })
  @ApiResponse({ status: 200, standardSchema: AuditEventPage })
  async find(
    @Query({ schema: AuditQuery }) query: z.output<typeof AuditQuery>,
  ): Promise<z.output<typeof AuditEventPage>> {
    const { from, to, patient, cursor, limit } = query;
    const rows = await this.scope.transaction(({ db, hospital }) =>
      db.query<AuditRow[]>(
        `SELECT ${AUDIT_COLUMNS} FROM audit_event e WHERE hospital_id = $1
            AND ($2::timestamptz IS NULL OR recorded_at >= $2) AND ($3::timestamptz IS NULL OR recorded_at < $3)
            AND ($4::uuid IS NULL OR patients @> ARRAY[$4::uuid])
            AND ($5::timestamptz IS NULL OR (recorded_at, id) > ($5, $6::uuid))
          ORDER BY e.recorded_at, e.id LIMIT $7`,
        [...[hospital.id, from ?? null, to ?? null, patient ?? null], ...(cursor ?? [null, null]), limit + 1],
      ),
    );
    return {
      items: rows.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(rows, limit, (last) => [last.recordedAt, last.id]),
    };
  }
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
