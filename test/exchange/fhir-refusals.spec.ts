import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FhirResource } from 'fhir/r4.js';
import { startApp, type TestApp } from '../support/app.js';
import { ORIGIN, SignedClient } from '../support/signed-client.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', publicUrl: ORIGIN });
});
afterAll(() => t.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a refusal is an OperationOutcome', () => {
  const typeOf = (answer: { headers: Record<string, unknown> }): string =>
    String(answer.headers['content-type']);
  test.each([
    ['an unknown type', { url: '/fhir/Nothing' }, 404],
    ['a malformed address', { url: '/fhir/Patient/%zz' }, 400],
    ['another format', { url: '/fhir/Patient?_format=xml' }, 406],
    [
      'a body that is no form',
      {
        method: 'POST',
        url: '/fhir/Patient/_search',
        headers: { 'content-type': 'text/plain' },
        payload: 'x',
      },
      415,
    ],
    [
      'a large form',
      { method: 'POST', url: '/fhir/Patient/_search', headers: FORM, payload: `a=${'x'.repeat(40_000)}` },
      413,
    ],
    ['an address that is too long', { url: `/fhir/Patient?_id=${'x'.repeat(9000)}` }, 414],
    ['no such resource', { url: `/fhir/Patient/${randomUUID()}` }, 404],
    ['no patient for $apply', { url: '/fhir/PlanDefinition/crlm-cn-2025-1.1.0/$apply' }, 400],
  ] as const)('%s', async (_, request, status) => {
    const { headers = {}, ...rest } = request as { headers?: Record<string, string>; url: string };
    const answer = await t.app.inject({
      ...rest,
      headers: { authorization: `Bearer ${t.adminKey}`, ...headers },
    });
    expect([answer.statusCode, typeOf(answer)]).toEqual([status, 'application/fhir+json; charset=utf-8']);
    expect((JSON.parse(answer.payload) as FhirResource).resourceType).toBe('OperationOutcome');
  });
});

describe('a token for one type and kind of access', () => {
  let client: SignedClient;
  beforeAll(async () => {
    client = await SignedClient.made(t);
    await client.register();
  });

  test.each([
    ['POST', '/Observation', 'system/Observation.c', ['system/Observation.rus', 'system/Patient.c']],
    ['PUT', '/Observation/1', 'system/Observation.u', ['system/Observation.crs', 'system/*.rs']],
    ['PUT', '/Observation?identifier=urn:h|1', 'system/Observation.cu', ['system/Observation.u']],
    ['POST', '', 'system/*.cu', ['system/*.rs', 'system/Observation.cruds']],
  ] as const)('%s /fhir%s needs %s', async (method, path, needed, others) => {
    const status = async (scope: string): Promise<number> => {
      const headers = { ...(await client.bearer(scope)), 'content-type': 'application/fhir+json' };
      return (await t.request(method, `/fhir${path}`, { headers, payload: {} })).status;
    };
    // The empty resource is refused next.
    expect(await status(needed)).toBe(422);
    for (const scope of others) expect([scope, await status(scope)]).toEqual([scope, 403]);
  });
});
