import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Author } from '../tenancy/author.js';
import type { Guideline } from '../guideline/guideline.js';
import { Uuid } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import type { ClinicalDecision } from './clinical-decision.entity.js';
import { isDeviation } from './decision-check.js';
import { Decision, DecisionInput } from './decision.js';
import {
  DecisionsService,
  MOST_DECISIONS,
  MOST_REVOKED_SHOWN,
  type RecordedDecision,
} from './decisions.service.js';
import { PlanDiffView } from './item-view.js';

const DecisionView = z
  .looseObject({
    id: z.uuid(),
    kind: z.string(),
    author: z.string(),
    reason: z.string(),
    deviation: z.boolean().describe('An interval outside the guideline was chosen'),
    decidedAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
    revokedBy: z.string().nullable(),
    revokeReason: z.string().nullable(),
  })
  .meta({ id: 'ClinicalDecision' });

const DecidedView = z
  .object({ id: z.uuid(), decision: DecisionView, plan: PlanDiffView })
  .meta({ id: 'RecordedDecision' });
type DecidedView = z.input<typeof DecidedView>;

const DecisionsView = z
  .object({ items: z.array(DecisionView).max(MOST_DECISIONS + MOST_REVOKED_SHOWN) })
  .meta({ id: 'ClinicalDecisions' });

const RevokeInput = z.strictObject({ author: Author, reason: text(500) }).meta({ id: 'RevokeInput' });

@ApiTags('decisions')
@ApiBearerAuth()
@Controller('patients/:id/decisions')
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Post()
  @ApiOperation({
    summary:
      'Record a decision of a clinician about this patient: profile, interval, rule switched off, item added by hand',
  })
  @ApiResponse({ status: 201, standardSchema: DecidedView })
  async decide(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: DecisionInput }) input: DecisionInput,
  ): Promise<DecidedView> {
    return decidedView(await this.decisions.decide(id, input));
  }

  @Get()
  @ApiOperation({ summary: "The clinicians' decisions for a patient, and of revoked ones the 500 latest" })
  @ApiResponse({
    status: 200,
    standardSchema: DecisionsView,
  })
  async list(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof DecisionsView>> {
    const { decisions, guideline } = await this.decisions.list(id);
    return { items: decisions.map((decision) => viewOf(decision, guideline)) };
  }

  @Post(':decisionId/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revoke a decision; returns the plan diff' })
  @ApiResponse({ status: 200, standardSchema: DecidedView })
  async revoke(
    @Param('id', { schema: Uuid }) id: string,
    @Param('decisionId', { schema: Uuid }) decisionId: string,
    @Body({ schema: RevokeInput }) input: z.output<typeof RevokeInput>,
  ): Promise<DecidedView> {
    return decidedView(await this.decisions.revoke(id, decisionId, input));
  }
}

const decidedView = ({ decision, plan, guideline }: RecordedDecision): DecidedView => ({
  id: decision.id,
  decision: viewOf(decision, guideline),
  plan,
});

function viewOf(decision: ClinicalDecision, guideline: Guideline): z.input<typeof DecisionView> {
  const { id, kind, detail, author, reason, decidedAt, revokedAt, revokedBy, revokeReason } = decision;
  return {
    ...detail,
    id,
    kind,
    author,
    reason,
    deviation: isDeviation(Decision.parse({ kind, ...detail }), guideline),
    decidedAt: decidedAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    revokedBy,
    revokeReason,
  };
}
