import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { RIGHTS } from '../../src/tenancy/rights.js';
import { OPEN_API_CALLS } from '../support/api-calls.js';
import { BOUNDED_BY, unboundedIn } from '../support/answer-bounds.js';
import { startApp, type TestApp } from '../support/app.js';

// The parts of the document that generated clients and "try it out" use.

interface Operation {
  readonly call: string;
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>;
}

let t: TestApp;
let document: OpenAPIObject;
let operations: Operation[];
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  ({ body: document } = await t.get('/api/openapi.json'));
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Omit<Operation, 'call'>>).map(([method, operation]) => ({
      ...operation,
      call: `${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{(\w+)\}/g, ':$1')}`,
    })),
  );
});
afterAll(() => t.close());

const callsWhere = (holds: (operation: Operation) => boolean): string[] =>
  operations.filter(holds).map(({ call }) => call);

test('each call declares whether it needs a credential', () => {
  expect(operations.length).toBeGreaterThan(70);
  const known = [{ bearer: [] }, { cookie: [] }];
  for (const { call, security } of operations)
    expect([call, security]).toEqual([call, call in RIGHTS ? known : []]);
  expect(callsWhere(({ security }) => security?.length === 0).sort()).toEqual([...OPEN_API_CALLS].sort());
  const { securitySchemes } = document.components ?? {};
  expect(Object.keys(securitySchemes ?? {}).sort()).toEqual(['bearer', 'cookie']);
});

test('each call has a unique operation id of a verb and nouns', () => {
  const names = operations.map(({ operationId }) => operationId ?? '');
  expect(new Set(names).size).toBe(names.length);
  expect(
    names.filter((name) => !/^[a-z]+([A-Z][a-z]+)+$/.test(name) && !/^get(Me|Policy|Status)$/.test(name)),
  ).toEqual([]);
  expect(names).toEqual(
    expect.arrayContaining([
      'listPatients',
      'createPatient',
      'getPatient',
      'updatePatient',
      'completeItem',
      'signIn',
    ]),
  );
});

test('each call has a summary and a tag', () => {
  expect(callsWhere(({ summary = '' }) => summary === '')).toEqual([]);
  expect(callsWhere(({ tags = [] }) => tags.length === 0)).toEqual([]);
  const declared = (document.tags ?? []).map(({ name }) => name);
  const used = new Set(operations.flatMap(({ tags = [] }) => tags));
  expect([...used].filter((tag) => !declared.includes(tag))).toEqual([]);
});

test('each list in an answer has a bound: its own, or one that is named', () => {
  const named = (document.components?.schemas ?? {}) as Record<string, object>;
  const found = operations.flatMap(({ call, responses }) =>
    Object.entries(responses).flatMap(([status, { content = {} }]) =>
      status < '400' ? Object.values(content).flatMap(({ schema }) => unboundedIn(schema, named, call)) : [],
    ),
  );
  expect(found.length).toBeGreaterThan(20);
  const bounded = Object.values(BOUNDED_BY).flatMap((paths) => paths.trim().split(/\s+/));
  expect([...new Set(found)].sort()).toEqual(bounded.sort());
});

test('the document is not sent again to a client that has the current version', async () => {
  const first = await t.request('GET', '/api/openapi.json', {});
  const tag = String(first.headers['etag']);
  expect(tag).toMatch(/^"[\w-]{43}"$/);
  const again = await t.request('GET', '/api/openapi.json', { headers: { 'if-none-match': tag } });
  expect(again.status).toBe(304);
});
