import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Author } from '../tenancy/author.js';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { type NurseName, NurseNames } from './nurse-names.service.js';

const NurseNameView = z
  .object({
    name: z.string(),
    patients: z.int().describe('How many patients have this name for their nurse'),
    unassigned: z.int().describe('How many of them are without a person'),
    personId: z.uuid().nullable().describe('Whom the name means, where somebody has said so'),
    personName: z.string().nullable(),
    author: z.string().nullable(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'NurseName' });

type View = z.input<typeof NurseNameView>;

const NurseNameInput = z
  .strictObject({
    name: text(100).describe('As it was imported; capitals, spaces and full-width letters are the same'),
    personId: Uuid.nullable().describe('null: the name is read by itself again'),
    author: Author,
  })
  .meta({ id: 'NurseNameInput' });

const NurseNameQuery = pageBy(z.tuple([text(1000)]));

@ApiTags('people')
@ApiBearerAuth()
@Controller('nurse-names')
export class NurseNamesController {
  constructor(private readonly names: NurseNames) {}

  @Get()
  @ApiOperation({ summary: 'The names of responsible nurses as they were imported, and whom each means' })
  @ApiResponse({ status: 200, standardSchema: pageOf('NurseNames', NurseNameView) })
  async list(
    @Query({ schema: NurseNameQuery }) { limit, cursor }: z.output<typeof NurseNameQuery>,
  ): Promise<Page<View>> {
    const names = await this.names.list(limit + 1, cursor?.[0]);
    return {
      items: names.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(names, limit, ({ key }) => [key]),
    };
  }

  @Put()
  @ApiOperation({
    summary: 'Say whom an imported name means, for all patients who have it and all later imports',
  })
  @ApiResponse({ status: 200, standardSchema: NurseNameView })
  async map(@Body({ schema: NurseNameInput }) input: z.output<typeof NurseNameInput>): Promise<View> {
    return viewOf(await this.names.map(input));
  }
}

const viewOf = (name: NurseName): View => ({
  ...{ name: name.name, patients: name.patients, unassigned: name.unassigned },
  ...{ personId: name.personId, personName: name.personName, author: name.author },
  decidedAt: name.decidedAt?.toISOString() ?? null,
});
