import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const INSTALLED = 'node_modules/.nedwatch-installed';
export const BUILT = '.built-from';

const LOCK = 'package-lock.json';

/** Whether this is no checkout but an unpacked offline bundle, which contains neither sources nor the lock file. */
export function isBundle(checkout) {
  return existsSync(join(checkout, 'bundle.json'));
}

/** The stamp of the installed dependencies. It is written after them, so that an incomplete installation has none. */
export function installedFrom(checkout) {
  const made = createHash('sha256').update(readFileSync(join(checkout, LOCK)));
  return made.update(`${process.platform} ${process.arch}`).digest('hex');
}

export function isInstalled(checkout) {
  return read(join(checkout, INSTALLED)) === installedFrom(checkout) || npmSaysInstalled(checkout);
}

// A person ran npm by hand. npm writes its own list of installed packages as its last step.
function npmSaysInstalled(checkout) {
  const account = read(join(checkout, 'node_modules/.package-lock.json'));
  if (account === undefined) return false;
  const present = JSON.parse(account).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(checkout, LOCK), 'utf8')).packages);
  return wanted.every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    const found = present[path];
    return found ? found.version === version : Boolean(optional ?? peer);
  });
}

/** The builds: the program, as in a release; its pages; and the program with benchmarks and test runs outside jest. */
export const PROGRAM = {
  output: 'dist',
  settings: 'tsconfig.build.json',
  folders: ['src', 'migrations'],
  recipe: 'bin/link-program.mjs',
};
export const PAGES = {
  output: 'dist-pages',
  settings: 'web/tsconfig.json',
  folders: ['web'], // of src they import types only
  recipe: 'bin/build-pages.mjs',
};
export const TOOLS = {
  output: 'dist-tools',
  settings: 'tsconfig.tools.json',
  folders: [...PROGRAM.folders, 'bench', 'test'],
  recipe: PROGRAM.recipe,
};

/** The inputs of a build: every source file, how they are compiled and joined, and the compilers themselves. */
export function builtFrom(checkout, { settings, folders, recipe }) {
  const made = createHash('sha256');
  const files = folders.flatMap((folder) => sources(checkout, folder));
  for (const file of ['tsconfig.json', settings, recipe, LOCK, ...files]) {
    made
      .update(file)
      .update('\0')
      .update(readFileSync(join(checkout, file)))
      .update('\0');
  }
  return made.digest('hex');
}

export function isBuilt(checkout, build) {
  return read(join(checkout, build.output, BUILT)) === builtFrom(checkout, build);
}

const SOURCE = /\.(tsx?|css|html|mjs)$/;

function sources(checkout, folder) {
  const files = readdirSync(join(checkout, folder), { recursive: true });
  return files
    .filter((name) => SOURCE.test(name) && !/\.spec\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
