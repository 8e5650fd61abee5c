import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
  return nearestPackage(dirname(folder));
}

/** The folder that holds package.json, whether this runs from `src` or compiled from `dist/src`. */
export const CHECKOUT = nearestPackage(import.meta.dirname);
