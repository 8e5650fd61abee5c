// PostgreSQL and Redis as docker-compose.yml asks for them, from what this machine has: the PostgreSQL is the embedded one.
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binariesFor } from '../../dist/src/platform/database/embedded-postgres/binaries.js';
import { eventually, finish, start } from './processes.mjs';

const NOBODY = { uid: 65_534, gid: 65_534 }; // PostgreSQL does not run as root

/** Starts a server that lets the network of the containers in by password; returns when it answers. */
export async function startPostgres(space, folder, address, { environment }) {
  const directory = join(folder, 'postgres');
  mkdirSync(directory, { mode: 0o755 });
  const binaries = binariesFor({ directory, user: NOBODY });
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, environment.POSTGRES_PASSWORD);
  for (const path of [directory, passwordFile]) chownSync(path, NOBODY.uid, NOBODY.gid);
  const as = { ...NOBODY, cwd: directory, env: { PATH: process.env.PATH, LC_ALL: 'C' } };

  const data = join(directory, 'data');
  const options = environment.POSTGRES_INITDB_ARGS.split(' ');
  const login = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync'];
  await finish(undefined, [join(binaries, 'initdb'), '--pgdata', data, ...login, ...options], as);
  writeFileSync(join(data, 'pg_hba.conf'), 'host all all samenet scram-sha-256\n');
  const settings = ['-c', `listen_addresses=${address}`, '-c', `unix_socket_directories=${directory}`, '-F'];
  // The namespace can be entered by root alone.
  const server = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', join(binaries, 'postgres')];
  const running = start(space, [...server, '-D', data, ...settings], { cwd: directory, env: as.env });
  await eventually('PostgreSQL', () => {
    if (!running.runs()) throw new Error(running.written());
    return running.written().includes('ready to accept connections');
  });
}

/** Starts Redis with the command of its service. */
export async function startRedis(space, folder, address, { command }) {
  const directory = join(folder, 'redis');
  mkdirSync(directory);
  const own = ['--bind', address, '--dir', directory, '--protected-mode', 'no'];
  const running = start(space, [...command, ...own]);
  await eventually('Redis', () => {
    if (!running.runs()) throw new Error(running.written());
    return running.written().includes('Ready to accept connections');
  });
}
