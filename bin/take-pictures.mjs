import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/**
 * Takes the pictures of README and help page in web/help/pictures: the demonstration on a day in 2026, as a nurse sees it.
 * It needs Chromium, a font with Chinese characters, and pngquant: apt-get install chromium fonts-noto-cjk pngquant.
 */
const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(CHECKOUT, 'web/help/pictures');
const SCREEN = { width: 1366, height: 768 };
const READY = /ready (http:\S+)/;

const browserPath = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim())
  .find((path) => path !== '');
if (browserPath === undefined) throw new Error('Install Chromium: apt-get install chromium fonts-noto-cjk');

const folder = mkdtempSync(join(tmpdir(), 'nedwatch-pictures-'));
chmodSync(folder, 0o755); // as root the database runs as another user
const program = spawn(process.execPath, ['bin/nedwatch', 'up', '--demo', '--port', '0'], {
  cwd: CHECKOUT,
  env: { ...process.env, NEDWATCH_DATA: folder, NEDWATCH_CLOCK: '2026-11-03T09:00:00+08:00' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const address = await new Promise((resolve, reject) => {
    program.once('exit', () => reject(new Error('The program ended before it was ready.')));
    let printed = '';
    program.stdout.on('data', (chunk) => {
      printed += chunk;
      const [, found] = READY.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  for (const language of ['zh', 'en']) await takeAll(browser, address, language);
  await browser.close();
} finally {
  const ended = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function takeAll(browser, address, language) {
  const context = await browser.newContext({
    ...{ viewport: SCREEN, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
  });
  await context.addInitScript(`localStorage.setItem('nedwatch.language', '${language}')`);
  const page = await context.newPage();
  const take = async (name) => {
    await page.waitForLoadState('networkidle').catch(() => undefined);
    const path = join(PICTURES, `${name}.${language}.png`);
    await page.screenshot({ path });
    const { status } = spawnSync('pngquant', ['--force', '--output', path, '--quality', '60-95', path]);
    if (status !== 0) throw new Error('pngquant failed.');
  };
  await page.goto(address);
  await page.locator('.demonstration-people button').first().click();
  await page.locator('.shell').waitFor();
  await page.goto(`${address}/worklist?list=overdue`);
  await page.locator('.row-table tbody tr').nth(1).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('.panel-item').first().waitFor();
  await take('worklist');
  await page.keyboard.press('Shift+Enter');
  await page.waitForURL(/\/patients\//);
  await page.locator('svg').first().waitFor();
  await take('patient');
  await page.goto(`${address}/calendar`);
  await page.locator('main table').first().waitFor();
  await take('calendar');
  await page.goto(`${address}/calls?list=overdue`);
  await page.locator('a[href^="tel:"]').first().waitFor();
  await take('call');
  await context.close();
}
