import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nextCursor, Uuid } from '../../platform/http/paging.js';
import type { ApiKey } from '../api-key.entity.js';
import {
  ApiKeyCreated,
  ApiKeyInput,
  ApiKeyPage,
  ApiKeyQuery,
  ApiKeyView,
  ClientInput,
} from './api-key-schemas.js';
import { keySetView } from '../key-set.js';
import { ApiKeys } from './api-keys.service.js';

@ApiTags('api-keys')
@ApiBearerAuth()
@Controller()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Post('api-keys')
  @ApiOperation({ summary: 'Make a key for a machine; the key itself is shown in this answer alone' })
  @ApiResponse({ status: 201, standardSchema: ApiKeyCreated })
  async create(@Body({ schema: ApiKeyInput }) input: ApiKeyInput): Promise<z.output<typeof ApiKeyCreated>> {
    const { row, key } = await this.keys.create(input);
    return { ...viewOf(row), key };
  }

  @Post('api-clients')
  @ApiOperation({
    summary: 'Register a machine that signs in with a private key of its own',
    description:
      'Its id is the client_id of POST /token (SMART backend services) and names it to CDS Hooks. It is listed and revoked with the keys.',
  })
  @ApiResponse({ status: 201, standardSchema: ApiKeyView })
  async register(@Body({ schema: ClientInput }) input: ClientInput): Promise<ApiKeyView> {
    return viewOf(await this.keys.register(input));
  }

  @Get('api-keys')
  @ApiOperation({ summary: 'The keys of the hospital, in the order in which they were made' })
  @ApiResponse({ status: 200, standardSchema: ApiKeyPage })
  async list(
    @Query({ schema: ApiKeyQuery }) { limit, cursor }: z.output<typeof ApiKeyQuery>,
  ): Promise<z.output<typeof ApiKeyPage>> {
    const keys = await this.keys.list(limit + 1, cursor?.[0]);
    return {
      items: keys.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(keys, limit, ({ id }) => [id]),
    };
  }

  @Delete('api-keys/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key, from the next request on' })
  async revoke(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}

const viewOf = (key: ApiKey): ApiKeyView => ({
  id: key.id,
  name: key.name,
  roles: key.roles,
  scopes: key.scopes,
  departments: key.departments,
  addresses: key.addresses,
  lastFour: key.lastFour,
  keySet: key.keySet && keySetView(key.keySet),
  createdBy: key.createdBy,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
});
