import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { CLIENT_SECRET, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { givenPatient } from '../support/prepared-calls.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
let base: string;
let idp: IdentityProvider;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  await t.app.listen(0, '127.0.0.1');
  base = (await t.app.getUrl()).replace('[::1]', '127.0.0.1');
  idp = await startIdentityProvider(base);
  const { session } = await givenPerson(t, { roles: ['hospital_admin'] });
  const provider = {
    ...{ code: 'hospital', name: 'The hospital', clientId: 'nedwatch', clientSecret: CLIENT_SECRET },
    issuer: idp.issuer,
    roleMap: { 'oncology-nurses': ['nurse'] },
    autoCreate: true,
  };
  expect((await t.post('/sso-providers', provider, as(session))).status).toBe(201);
});
afterAll(async () => {
  idp.stop();
  await t.close();
});

test('a link into a patient goes through the provider to the patient, and nowhere else', async () => {
  const id = await givenPatient(t, { hospitalId: t.hospitalId, key: t.adminKey }, { mrn: 'L 1&2' });
  const browser = new Browser('alice', base);
  const link = `${base}/open/patient?hospital=nedwatch&identifier=${encodeURIComponent('MR|L 1&2')}`;
  // The browser comes from another site: its session arrives with the next request only.
  const here = refreshOf(await (await browser.visit(link)).text());
  const arrived = await (await browser.visit(await browser.leave(`${base}${here}`))).text();
  const opened = await browser.visit(`${base}${refreshOf(arrived)}`);
  expect([opened.status, opened.headers.get('location')]).toEqual([302, `/patients/${id}`]);
  expect((await browser.visit(link)).headers.get('location')).toBe(`/patients/${id}`);
  const unknown = await browser.visit(`${base}/open/patient?hospital=nedwatch&identifier=nobody`);
  expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('没有此编号的患者')]);
  const elsewhere = await new Browser('boris', base).leave(
    `${base}/api/v1/sso/nedwatch/hospital/start?identifier=${encodeURIComponent('//evil.example')}`,
  );
  expect(new URL(elsewhere).origin).toBe(base);
});

const refreshOf = (page: string): string =>
  /content="0;url=([^"]*)"/.exec(page)![1]!.replaceAll('&amp;', '&');
