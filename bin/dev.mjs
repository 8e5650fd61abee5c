import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BUILT, PAGES } from './freshness.mjs';
import { setUp } from './set-up.mjs';

// Runs "up", and after every save compiles what changed and runs it again. Ctrl-C ends both.
const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./dev-program.mjs', import.meta.url));
const COMPILED = ['src', 'migrations'];
const WATCHED = [...COMPILED, 'web'];
const POLL_MS = 150; // reading the times of some 700 files takes a few milliseconds

await setUp();
const { default: ts } = await import('typescript');
const { buildPages } = await import('./build-pages.mjs');
const settings = ts.readConfigFile(join(CHECKOUT, 'tsconfig.json'), ts.sys.readFile).config.compilerOptions;
// A single file does not show that package.json makes it an ECMAScript module, so the settings declare it.
const COMPILER_OPTIONS = { ...settings, module: 'ESNext', moduleResolution: 'Bundler', noEmit: false };

let standby;
let running;
let saved = 0;

/** A process that has loaded the libraries, which takes longer than loading the program. */
function newProgram() {
  return fork(PROGRAM, ['up', ...process.argv.slice(2)], { stdio: ['inherit', 'pipe', 'inherit', 'ipc'] });
}

function start() {
  running = standby ?? newProgram();
  standby = undefined;
  running.stdout.on('data', (text) => {
    process.stdout.write(text);
    if (!/^ready /m.test(text)) return;
    standby ??= newProgram(); // not earlier: it would slow down the start
    if (saved > 0) {
      say(`ready ${((performance.now() - saved) / 1000).toFixed(2)} s after the save`);
      saved = 0;
    }
  });
  running.send('start');
}

async function restart() {
  const old = running;
  if (old.exitCode === null && old.signalCode === null) {
    const ended = new Promise((resolve) => old.once('exit', resolve));
    old.kill('SIGTERM');
    await ended;
  }
  start();
}

/** The time of the last change of each watched file. A poll also sees a file that an editor replaces by renaming. */
function changeTimes() {
  const times = new Map();
  for (const folder of WATCHED)
    for (const entry of readdirSync(join(CHECKOUT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.spec.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      const time = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
      if (time !== undefined) times.set(path.slice(CHECKOUT.length), time);
    }
  return times;
}

const isOfPages = (file) => file.startsWith('web/');
const isCompiled = (file) => file.endsWith('.ts') && COMPILED.some((folder) => file.startsWith(`${folder}/`));
const compiledPath = (file) => join(CHECKOUT, 'dist', file.replace(/\.ts$/, '.js'));

/**
 * Compiles one file independently of the others, as `isolatedModules` allows. Returns whether its syntax is right.
 */
function compile(file) {
  const path = join(CHECKOUT, file);
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(readFileSync(path, 'utf8'), {
    fileName: path,
    compilerOptions: COMPILER_OPTIONS,
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) {
    const host = {
      getCurrentDirectory: () => CHECKOUT,
      getNewLine: () => '\n',
      getCanonicalFileName: String,
    };
    process.stderr.write(ts.formatDiagnostics(diagnostics, host));
    return false;
  }
  mkdirSync(dirname(compiledPath(file)), { recursive: true });
  writeFileSync(compiledPath(file), outputText);
  writeFileSync(`${compiledPath(file)}.map`, sourceMapText ?? '');
  return true;
}

/** Saved files that are not compiled yet: new ones, and those with wrong syntax. */
const waiting = new Set();

/** Updates what the program is built of with the changed files. Returns whether all of them could be compiled. */
async function rebuild(changed, removed) {
  const files = [...changed, ...removed];
  return (
    (!files.some(isOfPages) || (await rebuildPages())) &&
    (files.every(isOfPages) || recompile(changed, removed))
  );
}

async function rebuildPages() {
  rmSync(join(CHECKOUT, PAGES.output, BUILT), { force: true });
  return buildPages(join(CHECKOUT, PAGES.output)).then(
    () => true,
    (error) => {
      process.stderr.write(`${error.message}\n`);
      return false;
    },
  );
}

function recompile(changed, removed) {
  // Without its stamp, the next other command builds dist as a whole.
  rmSync(join(CHECKOUT, 'dist', BUILT), { force: true });
  for (const file of removed.filter(isCompiled)) {
    waiting.delete(file);
    rmSync(compiledPath(file), { force: true });
  }
  for (const file of changed.filter(isCompiled)) waiting.add(file);
  for (const file of waiting) if (compile(file)) waiting.delete(file);
  return waiting.size === 0;
}

function say(what) {
  process.stderr.write(`nedwatch dev: ${what}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    standby?.kill('SIGKILL');
    if (running.exitCode !== null || running.signalCode !== null) process.exit(0);
    running.once('exit', (code) => process.exit(code ?? 0));
    running.kill('SIGTERM');
  });
}

start();
let known = changeTimes();
for (;;) {
  await sleep(POLL_MS);
  const now = changeTimes();
  const changed = [...now.keys()].filter((file) => now.get(file) !== known.get(file));
  const removed = [...known.keys()].filter((file) => !now.has(file));
  known = now;
  if (changed.length + removed.length === 0) continue;
  saved = performance.now() - POLL_MS; // at the earliest
  say([...changed, ...removed].join(', '));
  if (await rebuild(changed, removed)) await restart();
  else say('the program that runs is the one before this save');
}
