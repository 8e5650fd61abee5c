import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Capacity } from './capacity-ledger.js';
import { CapacitiesInput, CapacitiesView } from './capacity-schemas.js';
import { CapacitiesService } from './capacities.service.js';

@ApiTags('planning')
@ApiBearerAuth()
@Controller('capacities')
export class CapacitiesController {
  constructor(private readonly capacities: CapacitiesService) {}

  @Get()
  @ApiOperation({ summary: 'What the hospital and its places can do in a day' })
  @ApiResponse({ status: 200, standardSchema: CapacitiesView })
  async all(): Promise<CapacitiesView> {
    return viewOf(await this.capacities.all());
  }

  @Put()
  @ApiOperation({ summary: 'Replace all daily capacities; what is left out is unlimited again' })
  @ApiResponse({ status: 200, standardSchema: CapacitiesView })
  async replace(@Body({ schema: CapacitiesInput }) { capacities }: CapacitiesInput): Promise<CapacitiesView> {
    return viewOf(await this.capacities.replace(capacities));
  }
}

const viewOf = (capacities: readonly Capacity[]): CapacitiesView => ({
  capacities: capacities.map(({ place, activity, perWeekday }) => ({
    ...{ place, activity, perWeekday: [...perWeekday] },
  })),
});
