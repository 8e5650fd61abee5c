import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AuditFilter, AuditTrail } from '../../audit/audit-trail.js';
import { MEDIA_TYPES } from '../../platform/spreadsheets/sheet.js';
import { SheetFiles } from '../../platform/spreadsheets/sheet-files.js';
import { sheetOf } from '../../statistics/table.js';
import type { AuditRow } from '../../tenancy/audit-entry.js';

/** `bin/nedwatch audit export` writes all of a longer trail. */
const MOST_ENTRIES = 10_000;

/** The same in every language, because programs read them. */
const COLUMNS = [
  ...['recordedAt', 'call', 'outcome', 'status', 'callerKind', 'callerId', 'roles', 'address'],
  ...['purpose', 'patients', 'requestId', 'detail'],
];

@ApiTags('audit')
@ApiBearerAuth()
@Controller('exports')
export class AuditExportController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly files: SheetFiles,
  ) {}

  @Get('audit-events.csv')
  @ApiOperation({ summary: `The newest entries of GET /audit-events as a CSV file, ${MOST_ENTRIES} at most` })
  @ApiProduces('text/csv')
  @ApiResponse({
    ...{ status: 200, description: 'A file' },
    content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
  })
  async csv(@Query({ schema: AuditFilter }) filter: AuditFilter): Promise<StreamableFile> {
    const rows = await this.trail.newest(filter, MOST_ENTRIES);
    const table = { name: 'audit', columns: COLUMNS, rows: rows.map(cellsOf) };
    return new StreamableFile(await this.files.write({ sheets: [sheetOf(table)], format: 'csv' }), {
      ...{ type: MEDIA_TYPES.csv, disposition: 'attachment; filename="audit-events.csv"' },
    });
  }
}

const cellsOf = (row: AuditRow): (string | number | null)[] => [
  ...[row.recordedAt, row.call, row.outcome, row.status, row.callerKind, row.callerId],
  ...[row.roles.join(' '), row.address, row.purpose, row.patients.join(' '), row.requestId],
  row.detail && JSON.stringify(row.detail),
];
