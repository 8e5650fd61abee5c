import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** npm needs a cache in the home folder; a user without a writable home gets a temporary one. */
export function npmEnvironment() {
  // Variables that "npm start" sets for its commands; they would make the inner npm behave like the outer one.
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
