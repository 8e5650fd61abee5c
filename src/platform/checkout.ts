import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
  return nearestPackage(dirname(folder));
}

/** The folder that contains package.json. Works from `src` and from the compiled `dist/src`. */
export const CHECKOUT = nearestPackage(import.meta.dirname);

/** The version of the program, as in package.json. */
export const programVersion = (): string =>
  (JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }).version;
