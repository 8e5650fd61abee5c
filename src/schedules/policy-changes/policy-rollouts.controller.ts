import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nextCursor, type Page, Uuid } from '../../platform/http/paging.js';
import type { PolicyRollout } from './policy-rollout.entity.js';
import {
  DecisionInput,
  PolicyRolloutInput,
  PolicyRolloutPage,
  PolicyRolloutQuery,
  PolicyRolloutView,
  PolicyView,
} from './policy-rollout-schemas.js';
import { PolicyRolloutsService } from './policy-rollouts.service.js';

@ApiTags('policy')
@ApiBearerAuth()
@Controller()
export class PolicyRolloutsController {
  constructor(private readonly changes: PolicyRolloutsService) {}

  @Get('policy')
  @ApiOperation({
    summary: 'What the hospital follows: guideline, profile, and what it decided within the text',
  })
  @ApiResponse({ status: 200, standardSchema: PolicyView })
  async policy(): Promise<z.input<typeof PolicyView>> {
    const { version, policy, author, reason, createdAt } = await this.changes.policyInForce();
    return { version, policy, author, reason, since: createdAt.toISOString() };
  }

  @Post('plan-changes')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask what another policy would do to all plans; nothing is changed yet' })
  @ApiResponse({ status: 202, standardSchema: PolicyRolloutView })
  async ask(@Body({ schema: PolicyRolloutInput }) input: PolicyRolloutInput): Promise<PolicyRolloutView> {
    return viewOf(await this.changes.ask(input));
  }

  @Get('plan-changes')
  @ApiOperation({ summary: 'The plan changes, newest first' })
  @ApiResponse({ status: 200, standardSchema: PolicyRolloutPage })
  async list(
    @Query({ schema: PolicyRolloutQuery }) { limit, cursor }: PolicyRolloutQuery,
  ): Promise<Page<PolicyRolloutView>> {
    const changes = await this.changes.list(limit + 1, cursor?.[0]);
    return {
      items: changes.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(changes, limit, ({ id }) => [id]),
    };
  }

  @Get('plan-changes/:id')
  @ApiOperation({ summary: 'One plan change: how far it is, and what its preview counted' })
  @ApiResponse({ status: 200, standardSchema: PolicyRolloutView })
  async get(@Param('id', { schema: Uuid }) id: string): Promise<PolicyRolloutView> {
    return viewOf(await this.changes.get(id));
  }

  @Post('plan-changes/:id/apply')
  @HttpCode(202)
  @ApiOperation({ summary: 'Put the previewed policy in force; the plans follow in the background' })
  @ApiResponse({ status: 202, standardSchema: PolicyRolloutView })
  async apply(@Param('id', { schema: Uuid }) id: string): Promise<PolicyRolloutView> {
    return viewOf(await this.changes.apply(id));
  }

  @Post('plan-changes/:id/undo')
  @HttpCode(202)
  @ApiOperation({ summary: 'Put the policy of before in force again; the plans follow in the background' })
  @ApiResponse({ status: 202, standardSchema: PolicyRolloutView })
  async undo(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: DecisionInput }) input: DecisionInput,
  ): Promise<PolicyRolloutView> {
    return viewOf(await this.changes.undo(id, input));
  }

  @Post('plan-changes/:id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give up a plan change that has not been applied' })
  @ApiResponse({ status: 200, standardSchema: PolicyRolloutView })
  async discard(@Param('id', { schema: Uuid }) id: string): Promise<PolicyRolloutView> {
    return viewOf(await this.changes.discard(id));
  }
}

const viewOf = (change: PolicyRollout): PolicyRolloutView => ({
  id: change.id,
  state: change.state,
  policy: change.policy,
  basedOnVersion: change.basedOnVersion,
  appliedVersion: change.appliedVersion,
  patientsTotal: change.patientsTotal,
  patientsDone: change.patientsDone,
  kept: change.kept,
  moved: change.moved,
  cancelled: change.cancelled,
  added: change.added,
  author: change.author,
  reason: change.reason,
  createdAt: change.createdAt.toISOString(),
  changedAt: change.changedAt.toISOString(),
});
