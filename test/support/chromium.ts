import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

// The first draws no windows and needs less of the processor.
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // The pages of a suite share one process, and with it what is compiled: their own scripts, and the accessibility rules.
  '--process-per-site',
];

/** The path of Chromium on this machine; undefined where there is none. */
export function chromiumPath(): string | undefined {
  for (const name of NAMES) {
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

/**
 * A browser with a new profile; `close` ends it and removes the profile. `isOld`: Chromium 109, which loses the cookie of a
 * session when it writes its profile after half a minute. Its profile is kept in memory.
 */
export async function startBrowser(
  executablePath: string,
  { isOld = false, ...options }: BrowserContextOptions & { readonly isOld?: boolean } = {},
): Promise<{ readonly browser: BrowserContext; readonly close: () => Promise<void> }> {
  if (isOld) {
    const program = await chromium.launch({ executablePath, headless: true, args: FLAGS });
    return { browser: await program.newContext(options), close: () => program.close() };
  }
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
