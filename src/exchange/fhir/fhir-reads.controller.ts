import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Bundle, CapabilityStatement, CarePlan, FhirResource } from 'fhir/r4.js';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import type { Query as SearchQuery } from '../../interop/fhir/search-parameters.js';
import { DomainError } from '../../platform/domain-error.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { msg } from '../../platform/messages/dictionary.js';
import { FHIR_TYPES, type FhirType } from '../../tenancy/fhir-rights.js';
import { capabilityStatement } from './capability-statement.js';
import { FhirReads, type FhirRequest } from './fhir-reads.service.js';
import { answer, answerVersion, JsonAnswers } from './json-answers.js';

/** The search itself reads its parameters, because FHIR has its own rules for unknown and repeated ones. */
const AnyParameters = z.looseObject({});
const FormParameters = z.record(z.string(), z.union([z.string(), z.array(z.string()).max(1000)])).optional();

/** The input of $apply, a Parameters resource; only its subject is used. */
const ApplyParameters = z
  .object({
    resourceType: z.literal('Parameters'),
    parameter: z
      .array(
        z.looseObject({
          name: z.string().max(64),
          valueString: z.string().max(200).optional(),
          valueReference: z.looseObject({ reference: z.string().max(200).optional() }).optional(),
        }),
      )
      .max(20)
      .optional(),
  })
  .optional();

/** Reads and searches. The capability statement, not the API document, describes these calls. */
@ApiExcludeController()
@UseGuards(JsonAnswers)
@Controller('fhir')
export class FhirReadsController {
  constructor(private readonly reads: FhirReads) {}

  @Get([...FHIR_TYPES])
  async search(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: AnyParameters }) query: SearchQuery,
    @AnswerLanguage() language: Language,
  ): Promise<Bundle> {
    return answer(
      request,
      reply,
      await this.reads.search(typeOf(request), query, this.asked(request, language)),
    );
  }

  @Post(FHIR_TYPES.map((type) => `${type}/_search`))
  @HttpCode(200)
  async searchByForm(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: AnyParameters }) query: SearchQuery,
    @Body({ schema: FormParameters }) form: z.output<typeof FormParameters>,
    @AnswerLanguage() language: Language,
  ): Promise<Bundle> {
    const both = { ...query, ...form };
    return answer(
      request,
      reply,
      await this.reads.search(typeOf(request), both, this.asked(request, language)),
    );
  }

  @Get(FHIR_TYPES.map((type) => `${type}/:id`))
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: AnyParameters }) _query: unknown,
    @Param('id') id: string,
    @AnswerLanguage() language: Language,
  ): Promise<FhirResource | undefined> {
    const resource = await this.reads.read(typeOf(request), id, this.asked(request, language));
    return answerVersion(request, reply, resource);
  }

  @Get('metadata')
  metadata(
    @Query({ schema: AnyParameters }) _query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): CapabilityStatement {
    return answer(request, reply, capabilityStatement(this.reads.baseOf(request)));
  }

  @Get('Patient/:id/$everything')
  async everything(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: AnyParameters }) _query: unknown,
    @Param('id') id: string,
    @AnswerLanguage() language: Language,
  ): Promise<Bundle> {
    return answer(request, reply, await this.reads.everything(id, this.asked(request, language)));
  }

  @Get('PlanDefinition/:id/$apply')
  async apply(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: AnyParameters }) { subject }: Readonly<Record<string, unknown>>,
    @Param('id') id: string,
    @AnswerLanguage() language: Language,
  ): Promise<CarePlan> {
    if (typeof subject !== 'string')
      throw new DomainError('malformed', 'fhir-patient-needed', msg('fhir-patient-needed'));
    return answer(request, reply, await this.reads.apply(id, subject, this.asked(request, language)));
  }

  @Post('PlanDefinition/:id/$apply')
  @HttpCode(200)
  applyParameters(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: AnyParameters }) query: Readonly<Record<string, unknown>>,
    @Param('id') id: string,
    @Body({ schema: ApplyParameters }) parameters: z.output<typeof ApplyParameters>,
    @AnswerLanguage() language: Language,
  ): Promise<CarePlan> {
    const named = parameters?.parameter?.find(({ name }) => name === 'subject');
    const subject = named?.valueString ?? named?.valueReference?.reference ?? query['subject'];
    return this.apply(request, reply, { subject }, id, language);
  }

  private asked(request: FastifyRequest, language: Language): FhirRequest {
    const isStrict = /(^|[,;\s])handling=strict([,;\s]|$)/.test(String(request.headers['prefer'] ?? ''));
    return { base: this.reads.baseOf(request), language, isStrict };
  }
}

/** The type of resources that the route names. */
const typeOf = ({ routeOptions: { url = '' } }: FastifyRequest): FhirType => url.split('/')[2] as FhirType;
