import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ROLES } from '../../src/tenancy/caller.js';
import { startApp, type TestApp } from '../support/app.js';
import { as, givenPerson } from '../support/signed-in.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Providers may add parameters to the address to which they send the browser back. */
const LOOSE = ['GET /api/v1/sso/{hospital}/{provider}/callback'];
/** RFC 6749 gives its refusals another form. */
const OF_OAUTH = 'POST /api/v1/token';

interface Operation {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
}

let t: TestApp;
let session: string;
let operations: Operation[];
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  // A session, because some calls are about the caller's own account.
  session = (await givenPerson(t, { roles: ROLES })).session;
  const { paths } = (await t.get('/api/openapi.json')).body as OpenAPIObject;
  operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method.toLowerCase() as 'get'];
      return operation ? [{ method, path, parameters: (operation.parameters ?? []) as never }] : [];
    }),
  );
});
afterAll(() => t.close());

const addressOf = ({ path }: Operation, query: string): string =>
  `${path.replace(/\{\w+\}/g, '01a207e2-a6f9-710b-9bac-94085289818e')}?${query}`;

const queryOf = ({ parameters }: Operation): string[] =>
  parameters.filter((one) => one.in === 'query').map(({ name }) => name);

test('every call of the API document refuses a query parameter that it does not take, and names those that it takes', async () => {
  expect(operations.length).toBeGreaterThan(70);
  for (const operation of operations) {
    const { method, path } = operation;
    if (LOOSE.includes(`${method} ${path}`)) continue;
    const { status, body } = await t.request(method, addressOf(operation, 'asignee=li'), {
      headers: as(session),
    });
    if (`${method} ${path}` === OF_OAUTH) {
      expect([status, body]).toEqual([
        400,
        { error: 'invalid_request', error_description: expect.stringContaining('asignee') },
      ]);
      continue;
    }
    const names = queryOf(operation);
    const allowed = names.length > 0 ? `takes ${names.join(', ')}.` : 'takes none.';
    expect({ method, path, status, code: body?.code as unknown, errors: body?.errors as unknown }).toEqual({
      ...{ method, path, status: 422, code: 'unknown-parameter' },
      errors: [
        {
          ...{ pointer: '/asignee', code: 'unknown-parameter' },
          message: `There is no query parameter asignee. This call ${allowed}`,
        },
      ],
    });
  }
});

test('a repeated query parameter is refused, whatever its values', async () => {
  const tested: string[] = [];
  for (const operation of operations) {
    if (LOOSE.includes(`${operation.method} ${operation.path}`)) continue;
    for (const name of queryOf(operation)) {
      const address = addressOf(operation, `${name}=1&${name}=1`);
      const { status, body } = await t.request(operation.method, address, { headers: as(session) });
      expect({ address, status, errors: body.errors as unknown }).toEqual({
        ...{ address, status: 422 },
        errors: [
          {
            ...{ pointer: `/${name}`, code: 'repeated-parameter' },
            message: `${name} stands 2 times in the address: give it once.`,
          },
        ],
      });
      tested.push(name);
    }
  }
  expect(tested.length).toBeGreaterThan(20);
});

test('all unknown parameters are named, also those with the name of a built-in property', async () => {
  const { status, body } = await t.get('/worklist?village=liver&__proto__=1&constructor=2&assignee=li');
  expect(status).toBe(422);
  expect((body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
    '/__proto__',
    '/constructor',
    '/village',
  ]);
});

test('a request without a valid credential is refused for that, without a word about the parameters', async () => {
  const { status, body } = await t.get('/worklist?village=liver', { authorization: '' });
  expect([status, body.code]).toEqual([401, 'key-required']);
});
