import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { ROLES } from '../../src/tenancy/caller.js';
import { startApp, type TestApp } from '../support/app.js';
import { chromium109Path, hasChromium109 } from '../support/chromium-109.js';
import { givenPerson } from '../support/signed-in.js';
import {
  chooseLanguage,
  givenNurse,
  givenWard,
  type Language,
  takePicture,
  WARD_SCREEN,
  WardBrowser,
} from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';
import { morningByKeyboard } from '../support/worklist-morning.js';

/** Where a route with parameters leads to an example. A route without parameters is its own address. */
const EXAMPLES: Readonly<Record<string, (ids: { patient: string; endpoint: string }) => string>> = {
  '/systems/:section': () => '/systems/status',
  '/systems/:section/:id': ({ endpoint }) => `/systems/endpoints/${endpoint}`,
  '/administration/:section': () => '/administration/people',
  '/patients/:id': ({ patient }) => `/patients/${patient}`,
};

const ROUTES = join(CHECKOUT, 'web/app/routes.tsx');
const pathsOfRoutes = (): string[] =>
  [...readFileSync(ROUTES, 'utf8').matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);

describeWhere(hasChromium109, 'Chromium 109')('the pages in Chromium 109', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let nurse: Awaited<ReturnType<typeof givenNurse>>;
  let patients: ReadonlyMap<string, string>;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    nurse = await givenNurse(t);
    patients = await givenWard(t, nurse);
    ward = await WardBrowser.start(t, await chromium109Path(), { ...WARD_SCREEN, isOld: true });
  });
  afterEach(async () => {
    expect(ward.takeFaults()).toEqual([]);
    await ward.reset();
  });
  afterAll(async () => {
    await ward.close();
    await t.close();
  });

  test('it is version 109', async () => {
    const page = await ward.open('/');
    expect(await page.evaluate('navigator.userAgent')).toContain('Chrome/109.');
  });

  test.each(['zh', 'en'] as const)('a morning with the keyboard alone, in %s', async (language) => {
    const page = await ward.open('/worklist?list=overdue');
    await morningByKeyboard(page, nurse, language, (shown, picture) =>
      takePicture(shown, `chrome-109.${picture}`),
    );
  });

  async function expectHeading(page: Page, path: string): Promise<void> {
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.locator('.shell-head').waitFor(); // and not the sign-in, which has a heading too
    await page.waitForLoadState('networkidle');
    if (path !== '/parts') expect([path, await page.getByRole('alert').count()]).toEqual([path, 0]);
    expect([path, ...ward.takeFaults()]).toEqual([path]);
  }

  test('every page has its heading, in both languages', async () => {
    const [patient = ''] = patients.values();
    const endpoint = { url: 'http://127.0.0.1:9/hook', eventTypes: ['endpoint.test'] };
    const { body } = await t.post('/webhook-endpoints', endpoint);
    const ids = { patient, endpoint: body.id as string };
    const person = await givenPerson(t, { roles: ROLES });
    const page = await ward.openAs(person, '/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    let other: Language = 'en';
    for (const path of pathsOfRoutes()) {
      const address = path.includes(':') ? EXAMPLES[path]?.(ids) : path;
      expect([path, address]).toEqual([path, expect.any(String)]);
      await page.goto(`${ward.base}${address}`);
      await expectHeading(page, path);
      // The next page opens in the language to which this one was changed.
      await chooseLanguage(page, other);
      other = other === 'en' ? 'zh' : 'en';
      await expectHeading(page, path);
    }
  });
});
