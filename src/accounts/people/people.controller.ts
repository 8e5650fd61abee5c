import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nextCursor, Uuid } from '../../platform/http/paging.js';
import type { Identified } from '../../tenancy/request-caller.js';
import { People } from './people.service.js';
import {
  PersonCreated,
  PersonInput,
  PersonPage,
  PersonPatch,
  PersonQuery,
  PersonView,
  ResetInput,
  ResetView,
} from '../person-schemas.js';
import type { Person } from '../person.entity.js';
import { sessionView } from '../sign-in/session-answer.js';
import { SessionList } from '../sign-in/sign-in-schemas.js';

@ApiTags('people')
@ApiBearerAuth()
@Controller('people')
export class PeopleController {
  constructor(private readonly people: People) {}

  @Post()
  @ApiOperation({
    summary: 'Register somebody; the code that is answered lets them in once, to choose a password',
  })
  @ApiResponse({ status: 201, standardSchema: PersonCreated })
  async register(@Body({ schema: PersonInput }) input: PersonInput): Promise<z.output<typeof PersonCreated>> {
    const { person, setupCode } = await this.people.register(input);
    return { ...viewOf(person), setupCode };
  }

  @Get()
  @ApiOperation({ summary: 'The people of the hospital, in the order in which they were registered' })
  @ApiResponse({ status: 200, standardSchema: PersonPage })
  async list(
    @Query({ schema: PersonQuery }) { limit, cursor, state }: z.output<typeof PersonQuery>,
  ): Promise<z.output<typeof PersonPage>> {
    const people = await this.people.list(limit + 1, { state, after: cursor?.[0] });
    return {
      items: people.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(people, limit, ({ id }) => [id]),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One person' })
  @ApiResponse({ status: 200, standardSchema: PersonView })
  async get(@Param('id', { schema: Uuid }) id: string): Promise<PersonView> {
    return viewOf(await this.people.get(id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change roles, departments, name or state; nobody changes their own rights' })
  @ApiResponse({ status: 200, standardSchema: PersonView })
  async change(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: PersonPatch }) patch: PersonPatch,
  ): Promise<PersonView> {
    return viewOf(await this.people.change(id, patch));
  }

  @Post(':id/reset')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take the password away and make a code by which they choose another; ends their sessions',
  })
  @ApiResponse({ status: 200, standardSchema: ResetView })
  async reset(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ResetInput }) input: z.output<typeof ResetInput>,
  ): Promise<z.output<typeof ResetView>> {
    const { setupCode, setupExpiresAt } = await this.people.reset(id, input);
    return { setupCode, setupExpiresAt: setupExpiresAt.toISOString() };
  }

  @Get(':id/sessions')
  @ApiOperation({ summary: 'Where somebody is signed in, newest first' })
  @ApiResponse({ status: 200, standardSchema: SessionList })
  async sessions(
    @Param('id', { schema: Uuid }) id: string,
    @Req() { caller }: Identified,
  ): Promise<SessionList> {
    const sessions = await this.people.listSessions(id);
    return { items: sessions.map((session) => sessionView(session, caller?.session?.id)) };
  }

  @Delete(':id/sessions')
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions of somebody' })
  async endSessions(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    await this.people.endSessions(id);
  }

  @Delete(':id/sessions/:sessionId')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one session of somebody' })
  async endSession(
    @Param('id', { schema: Uuid }) id: string,
    @Param('sessionId', { schema: Uuid }) sessionId: string,
  ): Promise<void> {
    await this.people.endSessions(id, sessionId);
  }
}

const viewOf = (person: Person): PersonView => ({
  id: person.id,
  login: person.login,
  name: person.name,
  roles: person.roles,
  departments: person.departments,
  ownPatientsOnly: person.ownPatientsOnly,
  language: person.language,
  addresses: person.addresses,
  expiresAt: person.expiresAt?.toISOString() ?? null,
  state: person.state,
  passwordSet: person.passwordHash !== null,
  secondFactor: person.totpConfirmedAt !== null,
  setupExpiresAt: person.setupExpiresAt?.toISOString() ?? null,
  createdBy: person.createdBy,
  createdAt: person.createdAt.toISOString(),
});
