import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

// The folders of the embedded PostgreSQL when its user cannot access the requested folder.
const FALLBACKS = [
  '/var/lib/nedwatch',
  '/opt/nedwatch',
  join(homedir(), '.local/state/nedwatch'),
  '/var/tmp',
];
const ANCHOR = 'audit-anchor.ndjson';

/** The state that a test run must not change: the data of an installation in `checkout`, and the fallback folders. */
export function takeFootprint(checkout, fallbacks = FALLBACKS) {
  const data = join(checkout, '.data');
  return {
    data,
    files: filesOf(data),
    hospitals: hospitalsIn(join(data, ANCHOR)),
    clusters: clustersIn(fallbacks),
    fallbacks,
  };
}

/** The changes since then, one a line, without the data that a running installation writes. */
export function changesSince({ data, files, hospitals, clusters, fallbacks }) {
  const changes = [];
  const now = filesOf(data);
  for (const file of new Set([...files.keys(), ...now.keys()]))
    if (files.get(file) !== now.get(file)) changes.push(`${join(data, file)} was written`);
  for (const hospital of hospitalsIn(join(data, ANCHOR)))
    if (!hospitals.has(hospital))
      changes.push(`${join(data, ANCHOR)} names the foreign hospital ${hospital}`);
  for (const cluster of clustersIn(fallbacks))
    if (!clusters.has(cluster)) changes.push(`${cluster} was left behind`);
  return changes;
}

/** The processes with `folder` in their environment or command line. Linux only. */
export function processesOf(folder) {
  if (!existsSync('/proc/self/environ')) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return pids.filter((pid) =>
    ['environ', 'cmdline'].some((file) => read(join('/proc', pid, file)).includes(folder)),
  );
}

// A running installation writes the anchor and the database. Of the anchor, the hospitals in it are compared.
function filesOf(data) {
  const files = new Map();
  if (!existsSync(data)) return files;
  for (const name of readdirSync(data, { recursive: true })) {
    if (name === ANCHOR || /^(postgres|backup)(\/|$)/.test(name) || name.endsWith('.lock')) continue;
    const { size, mtimeMs, ino } = statSync(join(data, name), { throwIfNoEntry: false }) ?? {};
    files.set(name, name === 'keys' ? String(ino) : `${ino} ${size} ${mtimeMs}`);
  }
  return files;
}

const hospitalsIn = (anchor) =>
  new Set([...read(anchor).matchAll(/"hospitalId":"([^"]+)"/g)].map(([, hospital]) => hospital));

// Without clusters that have a keeper, because a program uses those.
const clustersIn = (folders) =>
  new Set(
    folders
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .filter((path) => path.includes('nedwatch') && !existsSync(join(path, 'keeper.lock'))),
  );

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
