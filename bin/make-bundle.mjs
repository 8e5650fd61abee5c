import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleFiles } from './bundle/bundle-files.mjs';
import { setUp } from './set-up.mjs';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** The time when there is no commit to take it from: tar warns about files without a time. */
const SOME_TIME = 946_684_800;

/**
 * `npm run bundle [-- --out FOLDER]`: one file with everything that a Linux machine without network needs. It
 * contains the packages of the lock file and this checkout; the network is needed only for packages that are not
 * installed yet.
 */
async function makeBundle() {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'out' } } });
  refuseOtherMachines();
  await setUp();
  const { writeBundle } = await import('./bundle/bundle-archive.mjs'); // needs the packages that set-up has installed

  const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
  const { commit, time } = origin();
  const about = { name: 'nedwatch', version, platform: 'linux-x64', node: process.versions.node, commit };
  const files = bundleFiles(CHECKOUT, about);
  const name = `nedwatch-${version}-linux-x64`;
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.tar.gz`);
  const { digest, bytes } = await writeBundle(path, name, files, new Date(time * 1000));
  process.stdout.write(
    `${path}: ${files.length} files, ${Math.round(bytes / 1e6)} MB, from ${commit}, Node ${about.node}\n` +
      `SHA-256 ${digest}\n`,
  );
}

function refuseOtherMachines() {
  const libc = process.report.getReport().header.glibcVersionRuntime;
  if (process.platform === 'linux' && process.arch === 'x64' && libc !== undefined) return;
  throw new Error(
    'The bundle is for Linux on x64 with glibc, and takes Node and the native packages from the machine that builds it: ' +
      'build it on such a machine.',
  );
}

/** The commit of this checkout, and whether files differ from it. */
function origin() {
  const git = (...args) => {
    const { status, stdout } = spawnSync('git', args, { cwd: CHECKOUT, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('rev-parse', 'HEAD');
  if (commit === undefined) return { commit: 'no commit', time: SOME_TIME };
  const changed = git('status', '--porcelain') !== '';
  return {
    commit: changed ? `${commit} with changes` : commit,
    time: Number(git('log', '-1', '--format=%ct')),
  };
}

try {
  await makeBundle();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
