import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import type { ListCount } from './list-reading.js';
import { ListsService } from './lists.service.js';
import { LISTS } from './list-sources.js';
import { type SavedList, SavedListsService } from './saved-lists.service.js';
import { SavedQuery } from './saved-query.js';

const Count = z.object({
  patients: z.int().describe('Rows of view=patients'),
  items: z.int().describe('Rows of view=items, counted up to 1000'),
  more: z.boolean().describe('There are more than 1000 items: both numbers are then at least so large'),
});

const SavedListView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    query: SavedQuery,
    shared: z.boolean(),
    author: z.string(),
    own: z.boolean().describe('Whether the caller saved it'),
    savedAt: z.iso.datetime(),
  })
  .meta({ id: 'SavedList' });

const ListsView = z
  .object({
    lists: z.array(z.object({ list: z.enum(LISTS), count: Count })),
    saved: z.array(SavedListView.extend({ count: Count })),
  })
  .meta({ id: 'Lists' });

const NewList = z
  .strictObject({
    name: text(100).describe('No name of a patient'),
    query: SavedQuery,
    shared: z.boolean().default(false).describe('Whether everybody in the hospital sees it'),
  })
  .meta({ id: 'NewSavedList' });

const ListChange = z
  .strictObject({ name: text(100), query: SavedQuery, shared: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { path: ['name'], error: issue('correction-required') })
  .meta({ id: 'SavedListChange' });

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('lists')
export class ListsController {
  constructor(
    private readonly lists: ListsService,
    private readonly saved: SavedListsService,
    private readonly scope: HospitalScope,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The lists of the worklist with counts, and the saved ones' })
  @ApiResponse({ status: 200, standardSchema: ListsView })
  async all(): Promise<z.input<typeof ListsView>> {
    const saved = await this.saved.all();
    const me = this.scope.caller.id;
    const counts = await this.lists.counts([
      ...LISTS.map((list) => ({ list })),
      ...saved.map(({ query: { owner, ...query } }) => ({ ...query, owner: owner === 'me' ? me : owner })),
    ]);
    return {
      lists: LISTS.map((list, index) => ({ list, count: countView(counts[index]) })),
      saved: saved.map((list, index) => ({
        ...savedListView(list),
        count: countView(counts[LISTS.length + index]),
      })),
    };
  }

  @Post()
  @ApiOperation({ summary: 'Save a list for oneself or for everybody in the hospital' })
  @ApiResponse({ status: 201, standardSchema: SavedListView })
  async save(
    @Body({ schema: NewList }) list: z.output<typeof NewList>,
  ): Promise<z.input<typeof SavedListView>> {
    return savedListView(await this.saved.save(list));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename, share or change a saved list' })
  @ApiResponse({ status: 200, standardSchema: SavedListView })
  async change(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ListChange }) change: z.output<typeof ListChange>,
  ): Promise<z.input<typeof SavedListView>> {
    return savedListView(await this.saved.change(id, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a saved list' })
  @ApiResponse({ status: 204 })
  async remove(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    await this.saved.remove(id);
  }
}

const NOTHING: ListCount = { patients: 0, rows: 0, more: false };

const countView = ({ patients, rows, more }: ListCount = NOTHING): z.input<typeof Count> => ({
  ...{ patients, items: rows, more },
});

const savedListView = ({ isOwn, savedAt, ...list }: SavedList): z.input<typeof SavedListView> => ({
  ...list,
  own: isOwn,
  savedAt: savedAt.toISOString(),
});
