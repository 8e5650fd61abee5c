import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  builtFrom,
  BUILT,
  INSTALLED,
  installedFrom,
  isBuilt,
  isBundle,
  isInstalled,
  PAGES,
  PROGRAM,
  TOOLS,
} from './freshness.mjs';
import { withLock } from './lock.mjs';
import { npmEnvironment } from './npm-environment.mjs';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const LOWEST_NODE = [20, 19];

/**
 * Installs the locked dependencies and builds, where either is missing or outdated. After a kill at any point the
 * next call continues. It prints to standard error only.
 */
export async function setUp(builds = [PROGRAM, PAGES]) {
  const isComplete = () => isInstalled(CHECKOUT) && builds.every((build) => isBuilt(CHECKOUT, build));
  refuseOldNode();
  if (isBundle(CHECKOUT)) return; // complete; its installer has checked every file
  if (isComplete()) return;
  refuseReadOnly();
  await withLock(join(CHECKOUT, '.data'), 'set-up', async () => {
    if (!isInstalled(CHECKOUT)) install();
    for (const build of builds) if (!isBuilt(CHECKOUT, build)) await compile(build);
  });
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [lowestMajor, lowestMinor] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return;
  throw new Error(`nedwatch needs Node ${LOWEST_NODE.join('.')} or later; this is ${process.version}.`);
}

function refuseReadOnly() {
  try {
    accessSync(CHECKOUT, constants.W_OK);
  } catch {
    throw new Error(
      `nedwatch is not set up yet, and this user may not write to ${CHECKOUT}\n` +
        'Run "bin/nedwatch version" there once as the user it belongs to, or clone it into a folder of your own.',
    );
  }
}

function install() {
  say('installing the locked dependencies (about half a minute)');
  const { env, discard } = npmEnvironment();
  try {
    // Development dependencies contain the compiler, so they are installed whatever NODE_ENV is.
    run(
      'npm',
      ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
      env,
    );
  } finally {
    discard();
  }
  writeFileSync(join(CHECKOUT, INSTALLED), installedFrom(CHECKOUT));
}

const WHAT = new Map([
  [PROGRAM, 'building'],
  [PAGES, 'building the pages'],
  [TOOLS, 'building the benchmarks and test runs'],
]);

async function compile(build) {
  const { output } = build;
  say(WHAT.get(build));
  const dist = join(CHECKOUT, output);
  const [fresh, old] = [`${dist}.new`, `${dist}.old`];
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  const stamp = builtFrom(CHECKOUT, build);
  if (build === PAGES) {
    const { buildPages } = await import('./build-pages.mjs'); // needs the packages installed above
    await buildPages(fresh);
  } else await compileProgram(build, fresh);
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, BUILT), stamp);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

async function compileProgram(build, folder) {
  const compiler = join(CHECKOUT, 'node_modules/typescript/bin/tsc');
  // "npm run check" checks types: here that would take most of the time.
  run(process.execPath, [compiler, '-p', build.settings, '--outDir', folder, '--noCheck'], process.env);
  if (build !== PROGRAM) return;
  const { linkProgram } = await import('./link-program.mjs'); // needs the packages installed above
  await linkProgram(folder);
}

function run(command, args, env) {
  // Standard output belongs to the command that runs afterwards.
  const { status, error } = spawnSync(command, args, { cwd: CHECKOUT, env, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  const why = error?.message ?? `it ended with ${status}`;
  throw new Error(
    `nedwatch could not be set up: ${command} ${args.join(' ')}: ${why}. What it said stands above.`,
  );
}

function say(what) {
  process.stderr.write(`nedwatch set-up: ${what}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // --tools: with the benchmarks and the test runs outside jest; --no-build: the dependencies alone.
  const options = { '--tools': [PROGRAM, PAGES, TOOLS], '--no-build': [] };
  await setUp(options[process.argv[2]]);
}
