import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import multipart from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DomainError, type IssueType } from './domain-error.js';
import { faultsOfIssues } from './input-faults.js';
import { parseJson } from './json-body.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
export const JSON_LIMIT_BYTES = 1_000_000;
/** A roster of a hundred thousand patients has about ten million bytes. */
const UPLOAD_LIMIT_BYTES = 20_000_000;

const STATUS: Readonly<Record<IssueType, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'address-too-long': 414,
  unsupported: 415,
  invalid: 422,
  'too-many': 429,
  'headers-too-large': 431,
};

/** RFC 9457. `code` is stable; `title` is for people. */
export const Problem = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('RFC 6901 pointer to the field'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .describe('What was wrong, and with which field (RFC 9457).');
type Problem = z.output<typeof Problem>;

export const problem = (status: number, code: string, title: string): Problem => ({
  type: 'about:blank',
  title,
  status,
  code,
});

/** What is refused before a route is reached, by Fastify's code or by status. */
const REFUSALS: Readonly<Record<string, Problem>> = {
  404: problem(404, 'no-such-call', 'There is no such call. See /api/docs.'),
  413: problem(413, 'body-too-large', 'The body is larger than this call takes.'),
  415: problem(415, 'unsupported-media-type', 'Send application/json, or multipart/form-data for an import.'),
  FST_ERR_CTP_INVALID_JSON_BODY: problem(400, 'not-json', 'The body is not JSON in UTF-8.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: problem(400, 'not-json', 'The body is empty where JSON is expected.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problem(
    400,
    'malformed',
    'The body is not as long as its Content-Length says.',
  ),
};

/** PostgreSQL: unique violation, serialization failure, deadlock. Not one of them left anything behind. */
const RACES = ['23505', '40001', '40P01'];

/** The only place that knows HTTP statuses. What is not a refusal is a bug: logged here, once, and answered without detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('HTTP');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const body = this.problemOf(error);
    if (body.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (typeof body.retryAfterSeconds === 'number') void reply.header('retry-after', body.retryAfterSeconds);
    void reply.status(body.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(body));
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof DomainError) {
      const { issueType, code, message, faults, extension } = error;
      return {
        ...problem(STATUS[issueType], code, message),
        ...(faults.length > 0 && { errors: faults.map((fault) => ({ ...fault })) }),
        ...extension,
      };
    }
    const status = statusOf(error);
    const refusal = REFUSALS[codeOf(error)] ?? REFUSALS[status];
    if (refusal) return refusal;
    if (RACES.includes(codeOf(error)))
      return problem(
        409,
        'changed-meanwhile',
        'Somebody else changed the same thing at the same moment. Nothing was changed; repeat the request.',
      );
    if (status >= 400 && status < 500) return problem(status, 'malformed', messageOf(error));
    this.log.error(error instanceof Error ? error.stack : error);
    return problem(
      500,
      'internal',
      'Something went wrong in nedwatch. Nothing was changed; the log has the cause.',
    );
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error === 'object' && error !== null && 'statusCode' in error) return Number(error.statusCode);
  return 500;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'The request is malformed.';

/** Gives the application its error shape, its reading of bodies, and the checking of every body, query and parameter that has a schema. */
export async function speakProblems(app: NestFastifyApplication): Promise<void> {
  app.useGlobalFilters(new ProblemFilter());
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/(.+\+)?json/,
    { parseAs: 'buffer', bodyLimit: JSON_LIMIT_BYTES },
    (_, body, done) => {
      try {
        done(null, parseJson(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  await app.register(multipart, {
    limits: { fileSize: UPLOAD_LIMIT_BYTES, files: 1, fields: 10, fieldSize: 1000 },
  });
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) =>
        new DomainError(
          'invalid',
          'invalid-input',
          'Some fields are not right; each is named under errors.',
          faultsOfIssues(issues),
        ),
    }),
  );
}
