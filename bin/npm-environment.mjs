import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** npm keeps a cache at home; a user without a home that can be written to gets one for this once. */
export function npmEnvironment() {
  const env = { ...process.env };
  // Inside "npm start" these would make the inner npm believe that it is the outer one.
  for (const name of Object.keys(env))
    if (/^npm_(lifecycle|package|command|config_(local_prefix|noproxy|argv))/.test(name)) delete env[name];
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
