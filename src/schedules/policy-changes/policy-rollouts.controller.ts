import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nextCursor, type Page, Uuid } from '../../platform/http/paging.js';
import { changeView } from '../change-view.js';
import type { PolicyRollout } from './policy-rollout.entity.js';
import {
  DecisionInput,
  PolicyRolloutInput,
  PolicyRolloutPage,
  PolicyRolloutQuery,
  PolicyRolloutView,
  PolicyView,
  CHANGES_SHOWN,
  RolloutExamplesView,
} from './policy-rollout-schemas.js';
import { RolloutExamples } from './rollout-examples.js';
import { PolicyRolloutsService } from './policy-rollouts.service.js';

@ApiTags('policy')
@ApiBearerAuth()
@Controller()
export class PolicyRolloutsController {
  constructor(
    private readonly rollouts: PolicyRolloutsService,
    private readonly examples: RolloutExamples,
  ) {}

  @Get('policy')
  @ApiOperation({
    summary: "The hospital's policy: guideline, profile, and its choices within the guideline's ranges",
  })
  @ApiResponse({ status: 200, standardSchema: PolicyView })
  async policy(): Promise<z.input<typeof PolicyView>> {
    const { version, policy, author, reason, createdAt } = await this.rollouts.policyInForce();
    return { version, policy, author, reason, since: createdAt.toISOString() };
  }

  @Post('plan-changes')
  @HttpCode(202)
  @ApiOperation({ summary: 'Preview what another policy would change in all plans; changes nothing yet' })
  @ApiResponse({ status: 202, standardSchema: PolicyRolloutView })
  async ask(@Body({ schema: PolicyRolloutInput }) input: PolicyRolloutInput): Promise<PolicyRolloutView> {
    return viewOf(await this.rollouts.ask(input));
  }

  @Get('plan-changes')
  @ApiOperation({ summary: 'The policy rollouts, newest first' })
  @ApiResponse({ status: 200, standardSchema: PolicyRolloutPage })
  async list(
    @Query({ schema: PolicyRolloutQuery }) { limit, cursor }: PolicyRolloutQuery,
  ): Promise<Page<PolicyRolloutView>> {
    const rollouts = await this.rollouts.list(limit + 1, cursor?.[0]);
    return {
      items: rollouts.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(rollouts, limit, ({ id }) => [id]),
    };
  }

  @Get('plan-changes/:id')
  @ApiOperation({ summary: 'One policy rollout: its progress, and what its preview counted' })
  @ApiResponse({ status: 200, standardSchema: PolicyRolloutView })
  async get(@Param('id', { schema: Uuid }) id: string): Promise<PolicyRolloutView> {
    return viewOf(await this.rollouts.get(id));
  }

  @Get('plan-changes/:id/examples')
  @ApiOperation({ summary: 'What a policy rollout changes in the plans of some patients of the caller' })
  @ApiResponse({ status: 200, standardSchema: RolloutExamplesView })
  async examplesOf(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof RolloutExamplesView>> {
    const { today, patientsPlanned, examples } = await this.examples.of(id);
    return {
      patientsPlanned,
      items: examples.map(({ patient, changes }) => ({
        patient: { id: patient.id, mrn: patient.mrn },
        count: changes.length,
        changes: changes.slice(0, CHANGES_SHOWN).map((change) => changeView(change, today)),
      })),
    };
  }

  @Post('plan-changes/:id/apply')
  @HttpCode(202)
  @ApiOperation({ summary: 'Put the previewed policy in force; the plans follow in the background' })
  @ApiResponse({ status: 202, standardSchema: PolicyRolloutView })
  async apply(@Param('id', { schema: Uuid }) id: string): Promise<PolicyRolloutView> {
    return viewOf(await this.rollouts.apply(id));
  }

  @Post('plan-changes/:id/undo')
  @HttpCode(202)
  @ApiOperation({ summary: 'Put the previous policy in force again; the plans follow in the background' })
  @ApiResponse({ status: 202, standardSchema: PolicyRolloutView })
  async undo(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: DecisionInput }) input: DecisionInput,
  ): Promise<PolicyRolloutView> {
    return viewOf(await this.rollouts.undo(id, input));
  }

  @Post('plan-changes/:id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Discard a policy rollout that has not been applied' })
  @ApiResponse({ status: 200, standardSchema: PolicyRolloutView })
  async discard(@Param('id', { schema: Uuid }) id: string): Promise<PolicyRolloutView> {
    return viewOf(await this.rollouts.discard(id));
  }
}

const viewOf = (rollout: PolicyRollout): PolicyRolloutView => ({
  id: rollout.id,
  state: rollout.state,
  policy: rollout.policy,
  basedOnVersion: rollout.basedOnVersion,
  appliedVersion: rollout.appliedVersion,
  patientsTotal: rollout.patientsTotal,
  patientsDone: rollout.patientsDone,
  kept: rollout.kept,
  moved: rollout.moved,
  cancelled: rollout.cancelled,
  added: rollout.added,
  author: rollout.author,
  reason: rollout.reason,
  createdAt: rollout.createdAt.toISOString(),
  changedAt: rollout.changedAt.toISOString(),
});
