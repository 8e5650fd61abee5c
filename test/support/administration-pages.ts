import type { Page } from 'playwright-core';
import { expect } from '@jest/globals';
import type { TestApp } from './app.js';
import { as, givenPerson, PASSWORD } from './signed-in.js';

type Person = Awaited<ReturnType<typeof givenPerson>>;

export interface Office {
  /** Administrator, head nurse and auditor at once: sees every section. */
  readonly head: Person;
  readonly nurse: Person;
}

/** A hospital with people of several roles, an absence, capacities, and keys. */
export async function givenOffice(t: TestApp): Promise<Office> {
  const head = await givenPerson(t, {
    roles: ['hospital_admin', 'head_nurse', 'auditor'],
    ...{ login: 'zhao.hong', name: '赵红' },
  });
  const nurse = await givenPerson(t, { login: 'li.min', name: '李敏', departments: ['消化外科'] });
  const substitute = await givenPerson(t, { login: 'zhou.jie', name: '周洁' });
  await t.post('/people', { login: 'wang.lei', name: '王磊', roles: ['clinician'] });
  await t.post('/people', { login: 'sun.it', name: '孙强', roles: ['integration'] });
  const done = async (method: 'POST' | 'PUT', path: string, payload: object): Promise<void> => {
    const { status, body } = await t.request(method, path, { payload, headers: as(head.session) });
    expect([path, status < 300, body.errors as unknown]).toEqual([path, true, undefined]);
  };
  await done('POST', '/handovers', {
    ...{ from: nurse.id, to: substitute.id, firstDay: '2026-03-12', lastDay: '2026-03-20' },
  });
  await done('PUT', '/capacities', {
    capacities: [
      { place: '内镜中心', activity: 'colonoscopy', perWeekday: [12, 12, 12, 12, 10, 0, 0] },
      { place: null, activity: null, perWeekday: [60, 60, 60, 60, 60, null, null] },
    ],
  });
  await done('POST', '/api-keys', {
    name: 'HIS 名册同步',
    roles: ['integration'],
    scopes: ['imports:write'],
  });
  await done('PUT', '/work-calendar/days/2026-05-12', { kind: 'closure', name: '护士节停诊' });
  return { head, nurse };
}

/** Answers the question who is there, which a call asks that changes access rights. */
export async function proveIdentity(page: Page): Promise<void> {
  await page.locator('dialog input[autocomplete=current-password]').waitFor();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
}
