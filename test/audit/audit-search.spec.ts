import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { startApp, type TestApp } from '../support/app.js';
import { givenPerson } from '../support/signed-in.js';

interface Entry {
  readonly call: string;
}

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
});
afterAll(() => t.close());

test('an auditor narrows the trail, reads the newest entries first, sees how far it is sealed, and takes a file along', async () => {
  const nurse = await givenPerson(t);
  const auditor = await givenPerson(t, { roles: ['auditor'] });
  const asNurse = { authorization: `Bearer ${nurse.session}` };
  const asAuditor = { authorization: `Bearer ${auditor.session}` };
  await t.get('/lists', asNurse);
  await t.get('/people', asNurse);
  const find = async (query: string) =>
    (await t.get(`/audit-events?caller=${nurse.id}&${query}`, asAuditor)).body as {
      items: Entry[];
      nextCursor: string | null;
    };
  const calls = ({ items }: { items: Entry[] }): string[] => items.map(({ call }) => call);
  expect(calls(await find('order=newest')).slice(0, 2)).toEqual(['GET /people', 'GET /lists']);
  expect(calls(await find('outcome=refused'))).toEqual(['GET /people']);
  expect(calls(await find('changes=true')).every((call) => !call.startsWith('GET '))).toBe(true);
  const first = await find('order=newest&limit=1');
  const second = await find(`order=newest&limit=1&cursor=${first.nextCursor}`);
  expect([...calls(first), ...calls(second)]).toEqual(['GET /people', 'GET /lists']);

  await t.app.get(AuditSealing).sealAll();
  const { body } = await t.get('/audit-events/seals', asAuditor);
  expect(body.batches).toBeGreaterThan(0);
  expect(body.sealedAt).not.toBeNull();
  const file = await t.get(`/exports/audit-events.csv?caller=${nurse.id}&outcome=refused`, asAuditor);
  expect(String(file.body).split('\n')[1]).toContain('GET /people');
});
