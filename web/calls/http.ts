import { freshProof } from './fresh-proof.js';
import { isRefused, type Problem, Refused, Unreachable } from './problem.js';

const API = '/api/v1';
const ANSWER_WITHIN_MS = 30_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  /** A form with a file, in place of a body. */
  readonly form?: FormData;
  /** Long work answers late. */
  readonly withinMs?: number;
  /** The `ETag` of what is changed: 412 says what another person changed first. */
  readonly ifMatch?: string;
  /** Makes a repetition after a lost answer safe: see `newKey`. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** What a method of a controller answers, so that a changed answer does not compile here. */
export type AnswerOf<Method extends (...args: never[]) => unknown> = Awaited<ReturnType<Method>>;

/**
 * Calls the API with the session of the browser. Throws `Refused` or `Unreachable`. A call that changes access rights
 * is repeated once the person has proved the identity again.
 */
export const call = async <Answer>(
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Answer> => (await tagged<Answer>(method, path, options)).answer;

/** An answer with its `ETag`: `ifMatch` of the change that follows. */
export interface Tagged<Answer> {
  readonly answer: Answer;
  readonly etag: string | undefined;
}

export async function tagged<Answer>(
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Tagged<Answer>> {
  try {
    return await attempt(method, path, options);
  } catch (error) {
    if (!isRefused(error, 'step-up-required') || !(await freshProof())) throw error;
    return attempt(method, path, options);
  }
}

async function attempt<Answer>(method: Method, path: string, options: CallOptions): Promise<Tagged<Answer>> {
  const { answer, text } = await send(method, addressOf(path, options.query), options);
  const parsed = parse(text);
  if (answer.ok) return { answer: parsed as Answer, etag: answer.headers.get('etag') ?? undefined };
  if (isProblem(parsed)) throw new Refused({ ...parsed, status: answer.status });
  throw new Unreachable(`${answer.status}`); // a proxy answered, not the program
}

/** Answers that were asked for before the part of the page that shows them was there, by address. */
const early = new Map<string, Promise<unknown>>();

/** Asks for what a page will read: the first `get` of this address takes the answer. */
export function askEarly(path: string, query?: Query): void {
  const answer = call('GET', path, { query });
  answer.catch(() => undefined); // without a session; `get` asks again after the sign-in
  early.set(addressOf(path, query), answer);
}

export function get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> {
  const address = addressOf(path, query);
  const asked = early.get(address) as Promise<Answer> | undefined;
  early.delete(address);
  const ask = (): Promise<Answer> => call('GET', path, { query, signal });
  return asked?.catch(ask) ?? ask();
}

/** The address of a call without undefined parameters. */
export function addressOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  const written = parameters.toString();
  return `${API}${path}${written === '' ? '' : `?${written}`}`;
}

/** A new `Idempotency-Key`. `crypto.randomUUID` is missing on plain HTTP. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function send(
  method: Method,
  address: string,
  { body, form, ifMatch, idempotencyKey, signal, withinMs = ANSWER_WITHIN_MS }: CallOptions,
): Promise<{ answer: Response; text: string }> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMs);
  signal?.addEventListener('abort', () => late.abort());
  try {
    const answer = await fetch(address, {
      method,
      headers: {
        'x-requested-with': 'nedwatch',
        'accept-language': document.documentElement.lang,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      credentials: 'same-origin',
      signal: late.signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(form !== undefined && { body: form }),
    });
    return { answer, text: await answer.text() };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Unreachable('no answer', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

const isProblem = (parsed: unknown): parsed is Problem =>
  typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'title' in parsed;
