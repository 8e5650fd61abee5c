import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { encodedCursor, type Page, pageOf } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { ItemsByStatus } from './items-by-status.service.js';
import type { ListName } from './list-sources.js';
import type { Placed } from './list-query.js';
import { ListsService } from './lists.service.js';
import { ListFilterFields, WorklistParameters, worklistRequest } from './worklist-query.js';
import { WorklistItem, worklistItem, WorklistPatient, worklistPatient } from './worklist-views.js';

const Row = z.union([WorklistPatient, WorklistItem]);

const SearchInput = z
  .strictObject({
    q: text(200).describe('A whole mrn, name, surname, phone or identity number'),
    limit: z.int().min(1).max(100).default(50),
    ...ListFilterFields,
  })
  .omit({ view: true })
  .meta({ id: 'WorklistSearch' });

const FoundView = z
  .object({
    items: z.array(WorklistPatient),
    more: z.boolean().describe('There are more of them: a longer word finds fewer'),
  })
  .meta({ id: 'FoundInWorklist' });

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('worklist')
export class WorklistController {
  constructor(
    private readonly lists: ListsService,
    private readonly byStatus: ItemsByStatus,
    private readonly scope: HospitalScope,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The rows of one list, most urgent first; without a list items by due date' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Worklist', Row) })
  async find(
    @Query({ schema: WorklistParameters }) parameters: z.output<typeof WorklistParameters>,
  ): Promise<Page<z.input<typeof Row>>> {
    const request = worklistRequest(parameters, this.scope.caller.id);
    if (request.kind === 'status') {
      const { rows, more } = await this.byStatus.find(request.query);
      const last = rows.at(-1)?.item;
      return {
        items: rows.map(worklistItem),
        nextCursor: more && last ? encodedCursor([last.due, last.id]) : null,
      };
    }
    const { query, view } = request;
    if (view === 'items') {
      const { rows, last } = await this.lists.items(query);
      return { items: rows.map(worklistItem), nextCursor: cursorOf(query.list, last) };
    }
    const { rows, last } = await this.lists.patients(query);
    return { items: rows.map(worklistPatient), nextCursor: cursorOf(query.list, last) };
  }

  @Post('search')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Patients found by mrn, name, phone or identity number, which no address may carry; with a list, those in it',
  })
  @ApiResponse({ status: 200, standardSchema: FoundView })
  async search(
    @Body({ schema: SearchInput }) { q, limit, ...filter }: z.output<typeof SearchInput>,
  ): Promise<z.input<typeof FoundView>> {
    const owner = filter.owner === 'me' ? this.scope.caller.id : filter.owner;
    const { rows, more } = await this.lists.search(q, limit, { ...filter, owner });
    return { items: rows.map(worklistPatient), more };
  }
}

const cursorOf = (list: ListName, last: Placed | null): string | null =>
  last && encodedCursor([list, last.place, last.patientId, last.id]);
