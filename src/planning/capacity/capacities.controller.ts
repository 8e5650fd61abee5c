import { Body, Controller, Get, Headers, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IF_MATCH } from '../../platform/http/if-match.js';
import { CapacitiesInput, CapacitiesView } from './capacity-schemas.js';
import { CapacitiesService, type TaggedCapacities } from './capacities.service.js';

@ApiTags('planning')
@ApiBearerAuth()
@Controller('capacities')
export class CapacitiesController {
  constructor(private readonly capacities: CapacitiesService) {}

  @Get()
  @ApiOperation({ summary: 'What the hospital and its places can do in a day' })
  @ApiResponse({ status: 200, standardSchema: CapacitiesView })
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<CapacitiesView> {
    return answer(await this.capacities.all(), reply);
  }

  @Put()
  @ApiOperation({ summary: 'Replace all daily capacities; what is left out is unlimited again' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: CapacitiesView })
  async replace(
    @Body({ schema: CapacitiesInput }) { capacities }: CapacitiesInput,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CapacitiesView> {
    return answer(await this.capacities.replace(capacities, ifMatch), reply);
  }
}

function answer({ capacities, etag }: TaggedCapacities, reply: FastifyReply): CapacitiesView {
  reply.header('etag', etag);
  return {
    capacities: capacities.map(({ place, activity, perWeekday }) => ({
      ...{ place, activity, perWeekday: [...perWeekday] },
    })),
  };
}
