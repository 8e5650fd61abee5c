import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import settings from '../web/vite.config.mjs';

/**
 * Builds the pages of `web` into this folder: static files, which need none of the packages that built them. They are
 * the same in every environment: NODE_ENV would otherwise choose slow variants of the libraries.
 */
export async function buildPages(folder) {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build({ ...settings, configFile: false, build: { ...settings.build, outDir: resolve(folder) } });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

// For an image, which is built without bin/set-up.mjs.
const [, script, folder] = process.argv;
if (basename(script ?? '') === basename(fileURLToPath(import.meta.url))) await buildPages(folder);
