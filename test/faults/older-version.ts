import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../../src/platform/checkout.js';

/** Another version of the program, built. */
export interface OlderVersion {
  /** Its commit, in short. */
  readonly commit: string;
  readonly checkout: string;
  /** Migrations that it lacks. */
  readonly lacks: readonly string[];
  /** Whether its processes drain by themselves after SIGTERM. */
  readonly drains: boolean;
}

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-C', CHECKOUT, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** The parent of the commit that added the newest migration, so that a migration lies between. */
export function beforeNewestMigration(): string {
  const newest = migrationsAt('HEAD').at(-1) ?? '';
  const added = git('log', '--diff-filter=A', '--format=%H', '-1', '--', newest);
  return `${added}^`;
}

const migrationsAt = (ref: string): string[] =>
  git('ls-tree', '-r', '--name-only', ref, 'migrations/').split('\n').toSorted();

/** Builds the version of `ref` below `folder`, unless it is there. Its dependencies are linked where they are the same. */
export async function buildOlderVersion(ref: string, folder: string): Promise<OlderVersion> {
  const commit = git('rev-parse', '--short=10', `${ref}^{commit}`);
  const checkout = join(folder, commit);
  if (!existsSync(join(checkout, 'dist/program/main.js'))) {
    rmSync(checkout, { recursive: true, force: true });
    mkdirSync(checkout, { recursive: true });
    const unpack = 'git -C "$1" archive "$2" | tar -x -C "$3"';
    await run('sh', ['-c', unpack, 'sh', CHECKOUT, commit, checkout], CHECKOUT);
    if (isSame(checkout, 'package-lock.json'))
      await run('cp', ['-al', join(CHECKOUT, 'node_modules'), join(checkout, 'node_modules')], CHECKOUT);
    await run(process.execPath, ['bin/nedwatch', 'version'], checkout); // installs what it lacks, and builds
  }
  const has = migrationsAt(commit);
  return {
    ...{ commit, checkout, lacks: migrationsAt('HEAD').filter((file) => !has.includes(file)) },
    drains: readFileSync(join(checkout, '.env.example'), 'utf8').includes('NEDWATCH_DRAIN_SECONDS'),
  };
}

const isSame = (checkout: string, file: string): boolean =>
  readFileSync(join(checkout, file)).equals(readFileSync(join(CHECKOUT, file)));

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}`);
}
