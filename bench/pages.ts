/**
 * The worklist in Chromium 109 with a processor that is six times slower: how long from navigation until 50 rows are
 * painted, beside a bare React page with the same rows, visits of both alternating; and how long the processor works from
 * each key and click until its answer is painted, with few rows and with 10,000. Prints medians and the slowest.
 * Run: npm run bench:pages -- VISITS ROUNDS (defaults: 9 5). NEDWATCH_BENCH_DATA: see filled-program.ts.
 */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { CHECKOUT } from '../src/platform/checkout.js';
import { chromium109Path } from '../test/support/chromium-109.js';
import { startBrowser } from '../test/support/chromium.js';
import { addressOf, percentiles, withFilledProgram } from './filled-program.js';
import { ACTIONS, FILTERING, type Measured, measureActions } from './pages/actions.js';
import { startFront } from './pages/front.js';
import { OBSERVER, PAINTED_ROWS, until } from './pages/probe.js';
import { signInCookie } from './pages/session.js';

const VISITS = Number(process.argv[2] ?? 9);
const ROUNDS = Number(process.argv[3] ?? 5);
const PATIENTS = 24_000;

const SLOWER = 6;
const PAINTED = 50;
const SCROLLED = 10_000;
/** The list of most rows. */
const LIST = 'to_book';
/** High enough for 50 rows: rows outside of the screen do not exist. */
const HIGH_SCREEN = { width: 1366, height: 2300 };
const WARD_SCREEN = { width: 1366, height: 768 };

/** What a page loads when it has nothing else to do is there. */
const SETTLED_MS = 4000;

/** Of the moments of a run, those in which the machine is called fast. */
const FAST_SHARE = 0.1;

const MOST_TIMES_BARE = 2;
const MOST_MS = 100;

const ROWS = `Number(document.querySelector('.row-table').getAttribute('aria-rowcount')) - 1`;

const failures: string[] = [];
const check = (holds: boolean, failure: string): void => {
  if (!holds) failures.push(failure);
};

console.log(`load average ${loadavg()[0]?.toFixed(2)} on ${cpus().length} cores`);
firstScreen();
await withFilledProgram(async ({ program, hospitals }) => {
  const { large } = await hospitals({ small: 100, large: PATIENTS });
  const front = await startFront(addressOf(program));
  const { browser, close } = await startBrowser(await chromium109Path(), {
    ...{ viewport: HIGH_SCREEN, isOld: true },
  });
  try {
    await browser.addInitScript(OBSERVER);
    await browser.addCookies([await signInCookie(front.origin, large)]);
    await compareVisits(browser, front.origin);
    await measureAnswers(browser, front.origin);
  } finally {
    await close();
    front.close();
  }
});
console.log(failures.length === 0 ? 'all within the limits' : `beyond the limits:\n${failures.join('\n')}`);
process.exitCode = failures.length === 0 ? 0 : 1;

function firstScreen(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(CHECKOUT, 'bin/check-pages.mjs')], {
    encoding: 'utf8',
  });
  process.stdout.write(stdout + stderr);
  check(status === 0, 'the first screen: see above');
}

async function compareVisits(browser: BrowserContext, origin: string): Promise<void> {
  const [pages, bare]: [number[], number[]] = [[], []];
  const visit = async (address: string): Promise<number> => {
    const page = await slowPage(browser);
    await page.goto(`${origin}${address}`, { waitUntil: 'commit' });
    const after = await page.evaluate<number>(PAINTED_ROWS(PAINTED));
    await page.close();
    return after;
  };
  for (let n = 0; n <= VISITS; n++) {
    const one = await visit(`/worklist?list=${LIST}`);
    const two = await visit(`/bare?list=${LIST}&view=patients&limit=100`);
    if (n === 0) continue; // the first visits warm up the server
    pages.push(one);
    bare.push(two);
  }
  const times = percentiles(pages).p50 / percentiles(bare).p50;
  console.log(
    `${PAINTED} rows painted after ${summary(pages)}; bare React ${summary(bare)}: ${times.toFixed(2)} times`,
  );
  check(times <= MOST_TIMES_BARE, `${PAINTED} rows: ${times.toFixed(2)} times the bare page`);
}

/** A page with an empty cache on a slow processor. */
async function slowPage(browser: BrowserContext): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const session = await browser.newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return page;
}

async function measureAnswers(browser: BrowserContext, origin: string): Promise<void> {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.setViewportSize(WARD_SCREEN);
  await page.goto(`${origin}/worklist?list=${LIST}`);
  await page.locator('tr.is-cursor').waitFor();
  await page.waitForTimeout(SETTLED_MS);
  const session = await browser.newCDPSession(page);
  const actions = [...ACTIONS, ...FILTERING];
  await measureActions(page, session, actions, 1); // every part of the page is loaded and compiled
  const few = await measureActions(page, session, actions, ROUNDS);
  const [rows, seconds] = await scrollThrough(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  console.log(
    `${rows} rows scrolled by keyboard in ${seconds.toFixed(0)} s; ${(usedSize / 1e6).toFixed(0)} MB of memory for scripts`,
  );
  check(rows >= SCROLLED, `only ${rows} rows`);
  const many = await measureActions(page, session, ACTIONS, ROUNDS);
  await page.close();
  const works = [...few, ...many].map(({ fixedWork }) => fixedWork).sort((a, b) => a - b);
  const fastest = works[Math.floor(works.length * FAST_SHARE)] ?? 0;
  console.log(
    `fixed work ${percentiles(works).p50.toFixed(1)} ms; when the machine was fast ${fastest.toFixed(1)} ms`,
  );
  report('few rows', few, fastest);
  report(`${rows} rows`, many, fastest);
}

/** Presses End until there are so many rows; their number, and the seconds. */
async function scrollThrough(page: Page): Promise<readonly [number, number]> {
  const start = performance.now();
  let rows = await page.evaluate<number>(ROWS);
  while (rows < SCROLLED) {
    await page.keyboard.press('End');
    await until(page, `${ROWS} > ${rows}`);
    rows = await page.evaluate<number>(ROWS);
  }
  return [rows, (performance.now() - start) / 1000];
}

/**
 * What the processor of the page worked until the answer, times `SLOWER`. Shared machines change their speed by half from
 * one second to the next: each time is converted to the speed of the moments of this run when the machine was fast.
 */
function report(where: string, measured: readonly Measured[], fastest: number): void {
  for (const name of new Set(measured.map((one) => one.name))) {
    const own = measured.filter((one) => one.name === name);
    const raw = own.map(({ worked }) => worked * SLOWER);
    const times = own.map(({ worked, fixedWork }) => worked * SLOWER * Math.min(1, fastest / fixedWork));
    console.log(`${where}: ${name.padEnd(24)} ${summary(times)}; as measured ${summary(raw)}`);
    const { p50 } = percentiles(times);
    check(p50 <= MOST_MS, `${where}: ${name} takes ${p50.toFixed(0)} ms`);
  }
}

function summary(times: readonly number[]): string {
  return `${percentiles(times).p50.toFixed(0)} ms (slowest ${Math.max(...times).toFixed(0)})`;
}
