import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { OLDEST_BROWSER } from '../web/vite.config.mjs';

/** The first screen has to appear on a ward computer of ten years: script and style, compressed. */
const FIRST_SCREEN_BYTES = 120_000;
/** Every other part, loaded when it is needed. */
const PART_BYTES = 40_000;
const FIRST_SCREEN = ['index.html', 'worklist/worklist-page.tsx'];

/** What the oldest browser lacks, and no compiler replaces: CSS, then functions. */
const TOO_NEW_CSS = /:has\(|@container|color-mix\(|@layer|\b\d+[dsl]vh\b|text-wrap:|accent-color:/;
const TOO_NEW_FUNCTIONS =
  /\.at\(-?\w|\.findLast(Index)?\(|\.to(Sorted|Reversed|Spliced)\(|\bObject\.(hasOwn|groupBy)\(|\bstructuredClone\(|AbortSignal\.(timeout|any)\(|crypto\.(randomUUID|subtle)|navigator\.clipboard|Promise\.withResolvers/;

const FOLDER = fileURLToPath(new URL('../dist-pages/', import.meta.url));

const read = (file) => readFileSync(join(FOLDER, file), 'utf8');
const sizeOf = (file) => gzipSync(read(file)).length;

/** The files that the browser loads for these entries of the manifest, with all that they import. */
function filesOf(manifest, entries) {
  const found = new Set();
  const add = (name) => {
    const { file, css = [], imports = [] } = manifest[name];
    if (found.has(file)) return;
    for (const one of [file, ...css]) found.add(one);
    for (const next of imports) add(next);
  };
  for (const entry of entries) add(entry);
  return [...found];
}

/** The same text for both targets: the oldest browser can read what was built. */
async function isReadable(code, loader) {
  const written = async (target) => (await transform(code, { loader, target })).code;
  return (await written(OLDEST_BROWSER)) === (await written('esnext'));
}

const problems = [];
const manifest = JSON.parse(read('.vite/manifest.json'));
const first = filesOf(manifest, FIRST_SCREEN);
const firstBytes = first.reduce((sum, file) => sum + sizeOf(file), 0);
if (firstBytes > FIRST_SCREEN_BYTES)
  problems.push(
    `The first screen has ${firstBytes} bytes compressed, more than ${FIRST_SCREEN_BYTES}: ${first.join(', ')}`,
  );
const written = readdirSync(join(FOLDER, 'assets')).filter((name) => /\.(js|css)$/.test(name));
for (const file of written.map((name) => `assets/${name}`)) {
  const [code, loader] = [read(file), file.endsWith('.css') ? 'css' : 'js'];
  if (!first.includes(file) && sizeOf(file) > PART_BYTES)
    problems.push(`${file} has ${sizeOf(file)} bytes compressed, more than ${PART_BYTES}.`);
  if (!(await isReadable(code, loader)))
    problems.push(`${file} has syntax that ${OLDEST_BROWSER} cannot read.`);
  const tooNew = (loader === 'css' ? TOO_NEW_CSS : TOO_NEW_FUNCTIONS).exec(code);
  if (tooNew) problems.push(`${file} uses “${tooNew[0]}”, which ${OLDEST_BROWSER} does not have.`);
}
for (const problem of problems) process.stderr.write(`pages: ${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(`pages: the first screen has ${firstBytes} bytes compressed.\n`);
