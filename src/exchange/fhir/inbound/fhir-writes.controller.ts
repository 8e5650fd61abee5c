import { Body, Controller, HttpCode, Param, Post, Put, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { z } from 'zod';
import type { Language } from '../../../guideline/guideline.js';
import { DomainError } from '../../../platform/domain-error.js';
import { AnswerLanguage } from '../../../platform/http/http.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { FhirReads } from '../fhir-reads.service.js';
import { answer, answerVersion, JsonAnswers } from '../json-answers.js';
import type { Criteria, Operation } from './inbound-entry.js';
import { InboundRequests } from './inbound-requests.service.js';
import { refusedAt } from './reading/fault.js';
import { identifierIn } from './reading/references.js';
import { isReadType } from './reading/resources.js';
import { bundleAnswer, notesOf } from './written-answers.js';

const Type = z.string().max(64);
const Id = z.string().max(64);
const Format = z.strictObject({ _format: z.string().max(100).optional() });
const Search = Format.extend({ identifier: z.string().max(500) });

/** What a client prefers (RFC 7240, and FHIR R4, section 3.1.0.1.8). */
interface WriteHeaders {
  readonly prefer?: string;
  readonly 'if-none-exist'?: string;
  readonly 'if-match'?: string;
}

/** Create, update and their conditional forms, transactions and batches. `docs/fhir-in.md` describes them. */
@ApiExcludeController()
@UseGuards(JsonAnswers)
@Controller('fhir')
export class FhirWritesController {
  constructor(
    private readonly requests: InboundRequests,
    private readonly reads: FhirReads,
  ) {}

  @Post()
  @HttpCode(200)
  async bundle(
    @Body() body: unknown,
    @Query({ schema: Format }) _query: z.output<typeof Format>,
    @Req() request: Exchange['request'],
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Bundle> {
    const result = await this.requests.bundle(body, optionsIn(request, language));
    return answer(request, reply, bundleAnswer(result, language));
  }

  @Post(':type')
  async create(
    @Body() body: unknown,
    @Param('type', { schema: Type }) type: string,
    @Query({ schema: Format }) _query: z.output<typeof Format>,
    @Req() request: Exchange['request'],
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FhirResource | undefined> {
    const { 'if-none-exist': condition } = request.headers;
    const ifNoneExist = condition === undefined ? undefined : criteriaIn(condition);
    return this.write(body, { type, operation: { is: 'create', ifNoneExist } }, { request, language, reply });
  }

  @Put(':type/:id')
  async update(
    @Body() body: unknown,
    @Param('type', { schema: Type }) type: string,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: Format }) _query: z.output<typeof Format>,
    @Req() request: Exchange['request'],
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FhirResource | undefined> {
    const operation: Operation = { is: 'update', id, ifMatch: request.headers['if-match'] };
    return this.write(body, { type, operation }, { request, language, reply });
  }

  @Put(':type')
  async updateWhere(
    @Body() body: unknown,
    @Param('type', { schema: Type }) type: string,
    @Query({ schema: Search }) { identifier }: z.output<typeof Search>,
    @Req() request: Exchange['request'],
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FhirResource | undefined> {
    const criteria = criteriaIn(new URLSearchParams({ identifier }).toString());
    const operation: Operation = { is: 'update-where', criteria, ifMatch: request.headers['if-match'] };
    return this.write(body, { type, operation }, { request, language, reply });
  }

  private async write(
    body: unknown,
    { type, operation }: { readonly type: string; readonly operation: Operation },
    { request, language, reply }: Exchange,
  ): Promise<FhirResource | undefined> {
    if (!isReadType(type))
      throw new DomainError('not-found', 'type-not-written', msg('fhir-type-not-read', { type }));
    const options = optionsIn(request, language);
    const outcome = await this.requests.resource(body, type, operation, options);
    void reply.status(outcome.status);
    const { id } = outcome;
    const notes = notesOf(outcome, language);
    if (id === undefined) return notes && answer(request, reply, notes);
    const base = this.reads.baseOf(request);
    void reply.header('location', `${base}/${type}/${id}`);
    const resource = await this.reads.read(type, id, { base, ...options });
    answerVersion(request, reply, resource);
    const returned = /\breturn=(minimal|representation|OperationOutcome)\b/.exec(
      request.headers['prefer'] ?? '',
    )?.[1];
    if (returned === 'minimal') return undefined;
    return returned === 'OperationOutcome' ? notes : resource;
  }
}

interface Exchange {
  readonly request: FastifyRequest & { readonly headers: WriteHeaders };
  readonly language: Language;
  readonly reply: FastifyReply;
}

const optionsIn = ({ headers: { prefer = '' } }: Exchange['request'], language: Language) => ({
  ...{ isStrict: /\bhandling=strict\b/.test(prefer), language },
});

function criteriaIn(query: string): Criteria {
  const criteria = identifierIn(query.replace(/^[^?]*\?/, ''));
  if (criteria === undefined) throw refusedAt('identifier', 'not-supported', msg('fhir-criteria'));
  return criteria;
}
