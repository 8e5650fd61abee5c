import {
  type ArgumentsHost,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Logger,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import multipart from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ENTRY_REFUSED } from '../database/refused-entry.js';
import { firstOf, mayPass } from '../database/connection-fault.js';
import { DomainError, invalid, type IssueType, renderFaults } from '../domain-error.js';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { parseForms } from './form-body.js';
import { faultsOfIssues, pointerTo } from './input-faults.js';
import { parseJson } from './json-body.js';
import { msg } from '../messages/dictionary.js';
import { type Asking, languageFor, languageHeaders } from '../messages/language.js';
import { OPEN_BODY_LIMIT_BYTES, OpenCalls, openBodyTooLarge } from './open-calls.js';
import { type Problem, problem, type Refusal } from './problem.js';
import { type ParameterFault, QueryParametersGuard } from './query-parameters.js';
import { REFUSAL_FORMS, type RefusalForm, writtenRefusal } from './refusal-forms.js';

export const JSON_LIMIT_BYTES = 1_000_000;

/** A report may hold a document; larger messages are refused. */
export const HL7_LIMIT_BYTES = 4_000_000;
/** A Bundle may hold the history of a life. */
const FHIR_LIMIT_BYTES = 4_000_000;
/** Larger than any allowed import: a roster with the maximum number of rows has 4 MB, and exams have more columns. */
const UPLOAD_LIMIT_BYTES = 20_000_000;

const STATUS: Readonly<Record<IssueType, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'not-acceptable': 406,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'address-too-long': 414,
  unsupported: 415,
  invalid: 422,
  'too-many': 429,
  'headers-too-large': 431,
  busy: 503,
};

/** The HTTP status of a refusal. */
export const statusOfIssue = (type: IssueType): number => STATUS[type];

const refusal = (status: number, code: string, text: Message): Refusal => ({ status, code, text });

/** The refusals of requests that Fastify rejects before they reach a route, by its error code or by status. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  404: refusal(404, 'no-such-call', msg('no-such-call')),
  413: refusal(413, 'body-too-large', msg('body-too-large')),
  415: refusal(415, 'unsupported-media-type', msg('unsupported-media-type')),
  FST_ERR_CTP_INVALID_JSON_BODY: refusal(400, 'not-json', msg('not-json-utf8')),
  FST_ERR_CTP_EMPTY_JSON_BODY: refusal(400, 'not-json', msg('empty-body')),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: refusal(400, 'malformed', msg('wrong-content-length')),
  [ENTRY_REFUSED]: refusal(503, 'hospital-moving', msg('hospital-moving')),
};

/**
 * Errors of PostgreSQL when two transactions conflict: unique violation, serialization failure, deadlock. The
 * transaction was rolled back.
 */
const CONFLICTS = ['23505', '40001', '40P01'];

/**
 * Turns errors into answers. No other code knows HTTP statuses. An error that is not a refusal is a bug: it is logged
 * here once, and the answer contains no detail.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('HTTP');

  constructor(private readonly forms: readonly RefusalForm[]) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<Asking & Pick<FastifyRequest, 'url'>>();
    const language = languageFor(request);
    const body = this.problemOf(error, language);
    if (body.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (body.status === 503) body['retryAfterSeconds'] ??= RETRY_SECONDS;
    if (typeof body.retryAfterSeconds === 'number') void reply.header('retry-after', body.retryAfterSeconds);
    void reply.headers(languageHeaders(language));
    const written = writtenRefusal(this.forms, request.url, body);
    void reply.status(written.status).header('content-type', written.contentType).send(written.body);
  }

  private problemOf(error: unknown, language: Language): Problem {
    if (!(error instanceof DomainError)) return problem(this.refusalOf(error), language);
    const { issueType, code, text, faults, extension } = error;
    return {
      ...problem({ status: STATUS[issueType], code, text }, language),
      ...(faults.length > 0 && { errors: renderFaults(faults, language) }),
      ...(typeof extension === 'function' ? extension(language) : extension),
    };
  }

  private refusalOf(error: unknown): Refusal {
    const status = statusOf(error);
    const known = REFUSALS[codeOf(error)] ?? REFUSALS[status];
    if (known) return known;
    if (CONFLICTS.includes(codeOf(error))) return refusal(409, 'changed-meanwhile', msg('changed-meanwhile'));
    if (isBusy(error)) {
      this.log.warn(`Answered 503: ${detailOf(error)}`);
      return error instanceof UnknownOutcome ? UNKNOWN_OUTCOME : BUSY;
    }
    if (status >= 400 && status < 500)
      return refusal(status, 'malformed', msg('malformed', { detail: detailOf(error) }));
    this.log.error(error instanceof Error ? error.stack : error);
    return refusal(500, 'internal', msg('internal'));
  }
}

/** Parameter decorator: the language of the answer. Also sets the headers for the language. */
export const AnswerLanguage = createParamDecorator((_: unknown, context: ExecutionContext): Language => {
  const http = context.switchToHttp();
  const language = languageFor(http.getRequest<Asking>());
  void http.getResponse<FastifyReply>().headers(languageHeaders(language));
  return language;
});

/**
 * Errors of PostgreSQL: statement timeout, lock timeout, a transaction that was idle for too long, and a server that
 * only reads, because another node takes over.
 */
const TIMEOUTS = ['57014', '55P03', '25P03', '25006'];
/** Messages of two errors: the pool had no free connection in time, or its connection was lost before. */
const NO_CONNECTION = /^timeout exceeded when trying to connect$|not queryable$/;

/** TypeORM's errors for a statement of a transaction whose connection has ended. */
const CONNECTION_LOST = ['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError'];

/** The answer to COMMIT was lost: what the transaction did is stored, or is not. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super(`COMMIT was not answered: ${detailOf(cause)}`, { cause });
  }
}

const BUSY = refusal(503, 'busy', msg('busy'));
const UNKNOWN_OUTCOME = refusal(503, 'outcome-unknown', msg('outcome-unknown'));
const RETRY_SECONDS = 5;

/** Whether the database did not answer in time or not at all. */
export const isBusy = (error: unknown): boolean =>
  error instanceof UnknownOutcome ||
  TIMEOUTS.includes(codeOf(error)) ||
  (error instanceof Error &&
    (mayPass(firstOf(error)) || NO_CONNECTION.test(error.message) || CONNECTION_LOST.includes(error.name)));

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : '');

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error === 'object' && error !== null && 'statusCode' in error) return Number(error.statusCode);
  return 500;
}

function wrongParameters(faults: readonly ParameterFault[]): DomainError {
  const text = msg('wrong-parameters', { faults: faults.map(({ message }) => message) });
  const named = faults.map(({ name, ...fault }) => ({ pointer: pointerTo([name]), ...fault }));
  return invalid('unknown-parameter', text, named);
}

/**
 * Configures the application: the format of errors, the parsing of bodies, and the validation of every body, query and
 * parameter. Awaits `beforeReading` before it parses a JSON body, because parsing a large body takes time.
 */
export async function configureHttp(
  app: NestFastifyApplication,
  beforeReading: (request: FastifyRequest) => Promise<void>,
): Promise<void> {
  const openCalls = app.get(OpenCalls);
  app.useGlobalFilters(new ProblemFilter(app.get<RefusalForm[]>(REFUSAL_FORMS)));
  app.useGlobalGuards(new QueryParametersGuard(wrongParameters));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  const readJson = async (request: FastifyRequest, body: Buffer): Promise<unknown> => {
    if (body.length > OPEN_BODY_LIMIT_BYTES && openCalls.includes(request)) throw openBodyTooLarge();
    await beforeReading(request);
    return parseJson(body);
  };
  fastify.addContentTypeParser(
    /^application\/(.+\+)?json/,
    { parseAs: 'buffer', bodyLimit: JSON_LIMIT_BYTES },
    readJson,
  );
  fastify.addContentTypeParser(
    'application/fhir+json',
    { parseAs: 'buffer', bodyLimit: FHIR_LIMIT_BYTES },
    readJson,
  );
  parseForms(fastify);
  fastify.addContentTypeParser(
    /^(x-)?application\/hl7-v2/,
    { parseAs: 'buffer', bodyLimit: HL7_LIMIT_BYTES },
    (_request: FastifyRequest, body: Buffer, done) => done(null, body),
  );
  await app.register(multipart, {
    limits: { fileSize: UPLOAD_LIMIT_BYTES, files: 1, fields: 10, fieldSize: 1000 },
  });
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) => invalid('invalid-input', msg('invalid-input'), faultsOfIssues(issues)),
    }),
  );
}
