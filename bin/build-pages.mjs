import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import settings from '../web/vite.config.mjs';

/** Builds the pages of `web` into this folder: static files, which need none of the packages that built them. */
export async function buildPages(folder) {
  await build({ ...settings, configFile: false, build: { ...settings.build, outDir: resolve(folder) } });
}

// For an image, which is built without bin/set-up.mjs.
const [, script, folder] = process.argv;
if (basename(script ?? '') === basename(fileURLToPath(import.meta.url))) await buildPages(folder);
