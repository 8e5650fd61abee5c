import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Language } from '../guideline/guideline.js';
import { AnswerLanguage } from '../platform/http/http.js';
import { render } from '../platform/messages/dictionary.js';
import { DeliveriesService } from './deliveries.service.js';
import { EndpointVerification } from './endpoint-verification.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';
import {
  Acknowledgement,
  AcknowledgementInput,
  BacklogPreview,
  DeliveriesQuery,
  DeliveryPage,
  IdentityApprovalInput,
  IdParam,
  NewWebhookEndpoint,
  PageQuery,
  QueuedDelivery,
  Recovery,
  RecoveryInput,
  RotatedSecret,
  SignatureCheck,
  SignatureCheckInput,
  WebhookEndpointInput,
  WebhookEndpointPage,
  WebhookEndpointPatch,
  WebhookEndpointView,
} from './webhook-schemas.js';

@ApiTags('webhooks')
@Controller('webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly deliveries: DeliveriesService,
    private readonly verification: EndpointVerification,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Register an address that is told about reminders' })
  @ApiResponse({ status: 201, standardSchema: NewWebhookEndpoint })
  register(@Body({ schema: WebhookEndpointInput }) body: WebhookEndpointInput): Promise<NewWebhookEndpoint> {
    return this.endpoints.register(body);
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'How many reminders of before an endpoint would be sent when it is registered' })
  @ApiResponse({ status: 200, standardSchema: BacklogPreview })
  preview(@Body({ schema: WebhookEndpointInput }) body: WebhookEndpointInput): Promise<BacklogPreview> {
    return this.endpoints.preview(body);
  }

  @Get()
  @ApiOperation({ summary: 'The registered addresses, newest first' })
  @ApiResponse({ status: 200, standardSchema: WebhookEndpointPage })
  list(@Query({ schema: PageQuery }) query: PageQuery): Promise<WebhookEndpointPage> {
    return this.endpoints.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One registered address' })
  @ApiResponse({ status: 200, standardSchema: WebhookEndpointView })
  find(@Param({ schema: IdParam }) { id }: IdParam): Promise<WebhookEndpointView> {
    return this.endpoints.find(id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change how it is reached, how fast, and of what it is told' })
  @ApiResponse({ status: 200, standardSchema: WebhookEndpointView })
  change(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: WebhookEndpointPatch }) body: WebhookEndpointPatch,
  ): Promise<WebhookEndpointView> {
    return this.endpoints.change(id, body);
  }

  @Post(':id/verify')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Send a challenge and wait for the answer that repeats it (hl7-v2: acknowledges it; fhir-r4: 2xx); what waited for that goes out',
  })
  @ApiResponse({ status: 200, standardSchema: WebhookEndpointView })
  verify(@Param({ schema: IdParam }) { id }: IdParam): Promise<WebhookEndpointView> {
    return this.verification.verify(id);
  }

  @Post(':id/identity-approval')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide whether this endpoint is told who the patients are' })
  @ApiResponse({ status: 200, standardSchema: WebhookEndpointView })
  approveIdentity(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: IdentityApprovalInput }) body: IdentityApprovalInput,
  ): Promise<WebhookEndpointView> {
    return this.endpoints.approveIdentity(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Tell this address nothing any more' })
  @ApiResponse({ status: 204, description: 'Deleted; what it was told stays on record.' })
  remove(@Param({ schema: IdParam }) { id }: IdParam): Promise<void> {
    return this.endpoints.remove(id);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'A new signing secret; the old one signs beside it for 24 hours' })
  @ApiResponse({ status: 200, standardSchema: RotatedSecret })
  rotateSecret(@Param({ schema: IdParam }) { id }: IdParam): Promise<RotatedSecret> {
    return this.endpoints.rotateSecret(id);
  }

  @Post(':id/signature-check')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say why the signature of a message does or does not verify at its receiver' })
  @ApiResponse({ status: 200, standardSchema: SignatureCheck })
  async checkSignature(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: SignatureCheckInput }) body: SignatureCheckInput,
    @AnswerLanguage() language: Language,
  ): Promise<SignatureCheck> {
    const { valid, findings } = await this.verification.checkSignature(id, body);
    return {
      valid,
      findings: findings.map(({ code, message }) => ({ code, message: render(message, language) })),
    };
  }

  @Get(':id/deliveries')
  @ApiOperation({ summary: 'What was sent there, newest first, with every attempt' })
  @ApiResponse({ status: 200, standardSchema: DeliveryPage })
  listDeliveries(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Query({ schema: DeliveriesQuery }) query: DeliveriesQuery,
  ): Promise<DeliveryPage> {
    return this.deliveries.list(id, query);
  }

  @Post(':id/test')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a test message there' })
  @ApiResponse({ status: 202, standardSchema: QueuedDelivery })
  sendTest(@Param({ schema: IdParam }) { id }: IdParam): Promise<QueuedDelivery> {
    return this.deliveries.sendTest(id);
  }

  @Post(':id/recover')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send again what was recorded since then, still stands and did not arrive' })
  @ApiResponse({ status: 202, standardSchema: Recovery })
  recover(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: RecoveryInput }) body: RecoveryInput,
  ): Promise<Recovery> {
    return this.deliveries.recover(id, body);
  }

  @Post(':id/acknowledgements')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say that everything up to a sequence number has been dealt with: 2xx says only that it arrived',
  })
  @ApiResponse({ status: 200, standardSchema: Acknowledgement })
  acknowledge(
    @Param({ schema: IdParam }) { id }: IdParam,
    @Body({ schema: AcknowledgementInput }) body: AcknowledgementInput,
  ): Promise<Acknowledgement> {
    return this.deliveries.acknowledge(id, body);
  }
}
