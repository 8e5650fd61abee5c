import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { pageOf } from '../platform/http/paging.js';
import type { AuditRow } from '../tenancy/audit-entry.js';
import { AuditQuery, AuditTrail } from './audit-trail.js';

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

const SealsView = z
  .object({
    batches: z.int().describe('Sealed batches of entries, each with the digest of the batch before'),
    sealedAt: z.iso.datetime().nullable().describe('When the newest batch was sealed'),
    waiting: z.int().describe('Entries that are not sealed yet'),
    oldest: z.iso.datetime().nullable().describe('The oldest entry that is kept'),
  })
  .meta({ id: 'AuditSeals' });

@ApiTags('audit')
@ApiBearerAuth()
@Controller('audit-events')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get()
  @ApiOperation({
    summary: 'Who saw and did what, oldest first by default; a page that names 20,000 patients is shorter',
  })
  @ApiResponse({ status: 200, standardSchema: AuditEventPage })
  async find(@Query({ schema: AuditQuery }) query: AuditQuery): Promise<z.output<typeof AuditEventPage>> {
    const { rows, nextCursor } = await this.trail.page(query);
    return { items: rows.map(viewOf), nextCursor };
  }

  @Get('seals')
  @ApiOperation({
    summary: 'How far the trail is sealed. `bin/nedwatch audit verify` compares every entry with its seal',
  })
  @ApiResponse({ status: 200, standardSchema: SealsView })
  seals(): Promise<z.output<typeof SealsView>> {
    return this.trail.sealState();
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
