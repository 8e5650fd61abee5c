import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Where this machine has a Chromium; undefined where it has none. */
export function chromiumPath(): string | undefined {
  for (const name of NAMES) {
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

/** A browser that nobody has used before; `close` ends it and removes what it kept. */
export async function startBrowser(
  executablePath: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly browser: BrowserContext; readonly close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-chromium-'));
  const browser = await chromium.launchPersistentContext(folder, {
    ...{ executablePath, headless: true, args: FLAGS },
    ...options,
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
