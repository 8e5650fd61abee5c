import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Connections to the server for each database. */
const CONNECTIONS = 8;

const LOGIN = { name: 'nedwatch_test_login', password: 'test-secret' };

/**
 * pgbouncer in transaction mode before the server of this run, for the login of an application that
 * docs/postgresql.md describes. Returns the address of that login, without a database.
 */
export async function startPooler(server, folder) {
  const direct = new URL(server);
  await makeLogin(server);
  const place = join(folder, 'pooler');
  const [config, list] = [join(place, 'pgbouncer.ini'), join(place, 'userlist.txt')];
  mkdirSync(place);
  const port = await freePort();
  writeFileSync(list, `"${LOGIN.name}" "${LOGIN.password}"\n`);
  writeFileSync(
    config,
    `[databases]
* = host=${direct.hostname} port=${direct.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${list}
pool_mode = transaction
default_pool_size = ${CONNECTIONS}
max_client_conn = 500
server_idle_timeout = 5
`,
  );
  const user = ordinaryUser();
  if (user) for (const path of [place, config, list]) chownSync(path, user.uid, user.gid);
  chmodSync(place, 0o700);
  // Debian's location, which is on few users' path.
  const env = { PATH: `${process.env.PATH}:/usr/sbin` };
  const child = spawn('pgbouncer', [config], { env, cwd: place, stdio: 'ignore', ...user });
  process.once('exit', () => child.kill('SIGKILL'));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}.`);
    await sleep(50);
  }
  child.unref();
  return {
    url: `postgres://${LOGIN.name}:${LOGIN.password}@127.0.0.1:${port}`,
    stop: () => child.kill('SIGKILL'),
  };
}

/** As docs/postgresql.md makes it. */
async function makeLogin(server) {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`
    CREATE ROLE ${LOGIN.name} LOGIN NOINHERIT PASSWORD '${LOGIN.password}';
    GRANT nedwatch_app TO ${LOGIN.name} WITH INHERIT TRUE;
    ALTER ROLE ${LOGIN.name} SET role = 'nedwatch_app';
    ALTER ROLE ${LOGIN.name} SET idle_in_transaction_session_timeout = '30s'`);
  await client.end();
}

/** pgbouncer refuses to run as root. */
function ordinaryUser() {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
