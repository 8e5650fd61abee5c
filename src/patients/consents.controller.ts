import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '../platform/http/paging.js';
import { ConsentInput, ConsentsView } from './consent-schemas.js';
import { Consents } from './consents.service.js';

@ApiTags('patients')
@ApiBearerAuth()
@Controller('patients/:id/consents')
export class ConsentsController {
  constructor(private readonly consents: Consents) {}

  @Post()
  @ApiOperation({ summary: 'Record what the patient said about being told; a withdrawal holds at once' })
  @ApiResponse({ status: 201, standardSchema: ConsentsView })
  record(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ConsentInput }) input: ConsentInput,
  ): Promise<ConsentsView> {
    return this.consents.record(id, input);
  }

  @Get()
  @ApiOperation({ summary: 'By what the patient may be told, and what was said about it' })
  @ApiResponse({ status: 200, standardSchema: ConsentsView })
  list(@Param('id', { schema: Uuid }) id: string): Promise<ConsentsView> {
    return this.consents.list(id);
  }
}
