import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folders in node_modules that the built program needs on `target`, from package-lock.json: all direct and
 * indirect dependencies, without those of development. Throws where one is missing or has another version.
 */
export function productionPackages(checkout, target) {
  const { packages } = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8'));
  const wanted = new Set();
  const follow = (from) => {
    for (const name of requiredBy(packages[from])) {
      const path = resolved(packages, from, name);
      if (path === undefined || wanted.has(path) || !isFor(packages[path], target)) continue;
      wanted.add(path);
      follow(path);
    }
  };
  follow('');
  for (const path of wanted) refuseOther(checkout, path, packages[path].version);
  return [...wanted].sort();
}

function requiredBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {}), ...peers];
}

/** Node's search for a package: beside the requiring one, then further up. */
function resolved(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined; // an optional peer, because the lock would contain any other
  }
}

function isFor({ os, cpu, libc }, target) {
  return [
    [os, target.os],
    [cpu, target.cpu],
    [libc, target.libc],
  ].every(([allowed, value]) => allowed === undefined || allowed.includes(value));
}

function refuseOther(checkout, path, version) {
  const file = join(checkout, path, 'package.json');
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : 'missing';
  if (found !== version)
    throw new Error(`${path} is ${found} instead of ${version}. Run "npm ci" and build the bundle again.`);
}
