import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** npm keeps a cache at home; a user without a home that can be written to gets one for this once. */
export function npmEnvironment() {
  // What "npm start" tells the commands it runs would make the npm below take itself for the outer one.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package|command)/.test(name),
  );
  const env = Object.fromEntries(inherited);
  const cache = env.npm_config_cache ?? join(homedir(), '.npm');
  if (isWritable(existsSync(cache) ? cache : homedir())) return { env, discard: () => undefined };
  const home = mkdtempSync(join(tmpdir(), 'nedwatch-npm-'));
  Object.assign(env, { npm_config_cache: join(home, 'cache') });
  if (!isReadable(join(homedir(), '.npmrc'))) env.npm_config_userconfig = join(home, '.npmrc');
  return { env, discard: () => rmSync(home, { recursive: true, force: true }) };
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isReadable(path) {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    return error.code === 'ENOENT';
  }
}
