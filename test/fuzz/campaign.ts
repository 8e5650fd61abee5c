import { Hl7Message } from '@medplum/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { OpenApiContract } from '../support/openapi-contract.js';
import { type Draft, drafts, type Operation } from './draft.js';
import { mutate, mutations } from './mutation.js';
import { Pool } from './pool.js';
import { Givens } from './preparation.js';
import { mayBeReached, Visitor } from './visitor.js';
import { Connection, type Wire, type WireAnswer, wireOf } from './wire.js';

export interface Campaign {
  readonly url: string;
  readonly key: string;
  readonly seed: number;
  readonly requests: number;
  /** Fewer are enough once every call has been answered with 2xx. */
  readonly enough?: number;
  /** The address of a webhook receiver. */
  readonly receiver: string;
  readonly onFault?: (fault: Fault) => void;
  /** Called after each thousand requests. */
  readonly onProgress?: (requests: number) => void;
}

export interface Fault {
  /** The index of the request in the sequence of the seed. */
  readonly request: number;
  readonly reasons: readonly string[];
  readonly asked: string;
}

export interface Report {
  readonly requests: number;
  /** The number of answers of each status class, of each call; the call `` is all of them. */
  readonly answers: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly unreached: readonly string[];
  /** One of each kind. */
  readonly faults: readonly Fault[];
}

/**
 * Calls that cause long work in the program, or end objects that others use: once reached they are made less often.
 */
const RARE =
  /^DELETE|^POST \/(webhook-endpoints|plan-changes|plan-changes\/\{id\}\/\w+|imports|patients\/\{id\}\/erase)$/;

/** Internal terms that must not appear in answers. */
const LEAK =
  /node_modules|\.[jt]s:\d+|\bat \w+ \(|QueryFailed|syntax error at|violates |relation "|column "|input syntax|TypeError|RangeError|is not a function|Cannot read prop|typeorm|postgres|pg_/i;

/**
 * The answer of a receiver: with the data of the message, and so with the challenge of a verification; in HL7 v2 an
 * acknowledgement.
 */
export const answerChallenge = ({ body }: { readonly body: string }): { status: number; body: string } => ({
  status: 200,
  body: body.startsWith('MSH|')
    ? Hl7Message.parse(body).buildAck().toString()
    : JSON.stringify((JSON.parse(body) as { data?: object }).data ?? {}),
});

// A wait for a lock or a connection ends after 10 s.
const SLOW_MS = 12_000;
// It waits for the receiver, which has 15 seconds.
const SLOW_VERIFICATION_MS = 18_000;

/** Sends this number of requests, drawn by the seed from the program's own document, and checks every answer. */
export async function run(campaign: Campaign): Promise<Report> {
  const { url, key, seed } = campaign;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const isMessage = typeof body === 'string';
    const headers = { authorization: `Bearer ${key}`, 'content-type': isMessage ? ER7 : 'application/json' };
    const sent = body === undefined ? {} : { body: isMessage ? body : JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, { method, headers, ...sent });
    return isMessage ? answer.text() : answer.json();
  };
  const document = (await ask('GET', '/api/openapi.json')) as OpenAPIObject;
  const { rules } = (await ask('GET', '/api/v1/guidelines/crlm-cn-2025')) as { rules: { id: string }[] };
  const visitor = new Visitor(ask);
  const resident = await visitor.settle();
  const { items: keys } = (await ask('GET', '/api/v1/api-keys')) as { items: { id: string }[] };
  const ruleIds = rules.map(({ id }) => id);
  const course = new Course(drafts(document, ruleIds, campaign.receiver), seed, campaign.requests);
  const judge = new Judge(document);
  const given = new Givens(ask, campaign.receiver);
  const connection = new Connection(url);
  const { hospital } = (await ask('GET', '/api/v1/me')) as { hospital: { id: string } };
  // The fuzzer's own key is not revoked, its person is not disabled, and their hospital keeps its code.
  const pool = new Pool([resident, hospital.id, ...keys.map(({ id }) => id)]);
  const faults = new Map<string, Fault>();

  let number = 0;
  for (; number < campaign.requests; number++) {
    if (number >= (campaign.enough ?? Infinity) && course.unreached.length === 0) break;
    const draft = course.next(number);
    if (course.isUnreached(draft.operation)) Object.assign(draft, await fitting(draft, given));
    const wire = wireOf(draft, pool, (await visitor.credentialFor(draft.operation)) ?? key);
    const began = performance.now();
    const answer = await connection.send(wire).catch(silence);
    if (number % 5000 === 4999) campaign.onProgress?.(number + 1);
    const reasons = judge.faultsOf(draft, wire, answer, performance.now() - began);
    course.note(draft.operation, draft.method, answer);
    visitor.noteAnswer(draft.operation, answer.status);
    if (answer.status >= 200 && answer.status < 300)
      pool.harvest(draft.operation, wire.path, parsed(answer.text));
    if (answer.status === 404) Object.values(wire.path).forEach((id) => pool.forget(id));
    if (reasons.length === 0) continue;
    const kind = `${draft.operation.name} ${reasons.join().replace(/[\da-f-]{8,}|\d+/g, '#')}`.slice(0, 200);
    const fault = { request: number, reasons, asked: described(wire) };
    if (!faults.has(kind)) campaign.onFault?.(fault);
    faults.set(kind, faults.get(kind) ?? fault);
  }
  connection.close();
  return {
    requests: number,
    answers: course.answers,
    unreached: course.unreached.map(({ name }) => name),
    faults: [...faults.values()],
  };
}

/** The parts of a draft that are replaced by objects made for its call; none: what was drawn may succeed. */
async function fitting({ operation }: Draft, given: Givens): Promise<Partial<Draft>> {
  const prepared = await given.for(operation.name);
  if (prepared === undefined) return {};
  const body = prepared.body ?? (operation.body && {});
  return { path: { ...prepared.path }, query: [], body, raw: undefined };
}

/** Selects the next call, and how it is made: half as the document allows, half with errors. */
class Course {
  readonly answers = new Map<string, Record<string, number>>();
  private readonly operations: readonly Operation[];
  private readonly reached = new Set<Operation>();
  private readonly choices: readonly { call: number; toward: number; wrong: boolean; bias: boolean }[];

  constructor(
    private readonly drafts: ReadonlyMap<Operation, fc.Arbitrary<Draft>>,
    private readonly seed: number,
    requests: number,
  ) {
    this.operations = [...drafts.keys()];
    const choice = fc.record({
      call: fc.nat(this.operations.length - 1),
      toward: fc.integer({ min: 0, max: 99 }),
      wrong: fc.boolean(),
      bias: fc.boolean(),
    });
    this.choices = fc.sample(fc.noBias(choice), { seed, numRuns: requests });
  }

  get unreached(): Operation[] {
    return this.operations.filter((operation) => !this.reached.has(operation) && mayBeReached(operation));
  }

  isUnreached(operation: Operation): boolean {
    return !this.reached.has(operation);
  }

  next(number: number): Draft {
    const { toward, bias, wrong, call } = this.choices[number]!;
    const { unreached } = this;
    const needed = toward < 30 && unreached.length > 0;
    let operation = (needed ? unreached[call % unreached.length] : this.operations[call])!;
    // A call that has not been reached yet may need an object that must be created first.
    if (needed && toward < 15) operation = this.makerFor(operation, call);
    if (!needed && toward < 75 && RARE.test(operation.name) && this.reached.has(operation))
      operation = this.operations[(call + toward) % this.operations.length]!;
    const draft = this.drafts.get(operation)!;
    const arbitrary = fc.tuple(draft, wrong && !needed ? mutations : fc.constant([]));
    const [drawn] = fc.sample(bias ? arbitrary : fc.noBias(arbitrary), {
      seed: (this.seed + Math.imul(number, 0x9e3779b1)) | 0,
      numRuns: 1,
    });
    mutate(drawn![0], drawn![1]);
    return drawn![0];
  }

  /** A call that creates or lists the objects in the path of `operation`; items come from events. */
  private makerFor(operation: Operation, call: number): Operation {
    const collection = operation.template.slice(0, operation.template.lastIndexOf('/{'));
    const makers = this.operations.filter(({ method, template }) =>
      collection === '/api/v1/items'
        ? /(worklist|schedule)$/.test(template) || (method === 'POST' && template.endsWith('/events'))
        : method === 'POST' && template === collection,
    );
    return makers[call % makers.length] ?? operation;
  }

  note(operation: Operation, method: string, answer: WireAnswer): void {
    const status = answer.status === 0 ? 'none' : `${Math.floor(answer.status / 100)}xx`;
    for (const name of ['', operation.name]) {
      const counts = this.answers.get(name) ?? {};
      counts[status] = (counts[status] ?? 0) + 1;
      this.answers.set(name, counts);
    }
    if (status === '2xx' && method === operation.method) this.reached.add(operation);
  }
}

const OF_OAUTH = 'POST /token';
const ER7 = 'x-application/hl7-v2+er7';

/** The violations in an answer. */
class Judge {
  private readonly contract: OpenApiContract;

  constructor(document: OpenAPIObject) {
    this.contract = new OpenApiContract(document);
  }

  faultsOf(
    { operation }: Draft,
    { method, target }: Wire,
    answer: WireAnswer,
    milliseconds: number,
  ): string[] {
    const { status, headers, text } = answer;
    if (status === 0) return [`no answer: ${text}`];
    const reasons: string[] = [];
    if (status >= 500) reasons.push(`status ${status}`);
    const slow = operation.template.endsWith('/verify') ? SLOW_VERIFICATION_MS : SLOW_MS;
    if (milliseconds > slow) reasons.push('slow');
    if (headers['x-content-type-options'] !== 'nosniff') reasons.push('no security headers');
    if (status >= 400 && LEAK.test(text)) reasons.push(`speaks of its inside: ${LEAK.exec(text)?.[0] ?? ''}`);
    const type = headers['content-type'];
    // A standard may have refusals of its own form, which the document names: acknowledgements, errors of OAuth.
    const isOfStandard =
      type === ER7 || (operation.name === OF_OAUTH && type?.startsWith('application/json'));
    if (status >= 400 && !type?.startsWith('application/problem+json') && !isOfStandard)
      reasons.push(`refused as ${type ?? ''}`);
    // Another method than the document's may be refused in any way, and HEAD has no body to check.
    if (method === 'HEAD' || (status >= 400 && method !== operation.method)) return reasons;
    return [...reasons, ...this.contract.breaches(method, target, status, type, parsed(text))];
  }
}

/** No answer at all. */
const silence = (error: unknown): WireAnswer => ({ status: 0, headers: {}, text: String(error) });

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** In a form that a reader can send again, without the key. */
function described({ method, target, headers, body }: Wire): string {
  const lines = Object.entries(headers)
    .filter(([, value]) => !value.startsWith('Bearer '))
    .map(([name, value]) => `${name}: ${value.slice(0, 200)}`);
  return [`${method} ${target.slice(0, 500)}`, ...lines, body?.toString('utf8', 0, 1500) ?? ''].join(
    '\n    ',
  );
}
