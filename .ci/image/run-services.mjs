// Called by .ci/build-image, in the namespace of the machine that runs the containers: starts the services that
// docker-compose.yml describes from the image, and sees that they do their work.
import assert from 'node:assert/strict';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { DateTime } from 'luxon';
import { Webhook } from 'standardwebhooks';
import { localToday } from '../../dist/src/platform/database/clock.js';
import { inspectImage, writtenOutsideVolumes } from './contents.mjs';
import { publish, startReceiver } from './machine.mjs';
import { eventually, finish, start, terminate } from './processes.mjs';
import { startPostgres, startRedis } from './stores.mjs';

const [work, host, image, ...runner] = process.argv.slice(2);
const GATEWAY = '172.29.213.1';
const STORES = '172.29.213.10';
const API = '172.29.213.11';
const WORKER = '172.29.213.12';
const NODE = 1000; // the user of the image
const { services } = load(readFileSync(join(work, 'compose.yml'), 'utf8'));
const { config } = JSON.parse(readFileSync(join(work, 'image.json'), 'utf8')).Docker;
const space = (container) => `${host}-${container}`;
const say = (what) => console.log(`        ${what}`);

/** The command that runs a service of docker-compose.yml from the image, or another command in its place. */
function containerOf(name, command) {
  const { environment, volumes, entrypoint = config.Entrypoint, ...service } = services[name];
  const given = Object.entries(environment).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]);
  const mounted = volumes.flatMap((volume) => {
    const [source, target] = volume.split(':');
    return ['--volume', `${folderOf(source)}:${target}`];
  });
  const split = runner.indexOf('--');
  const [options, container] = [runner.slice(0, split), runner.slice(split + 1)];
  const run = command ?? service.command ?? (services[name].entrypoint ? [] : config.Cmd);
  return [...options, ...given, ...mounted, ...container, '--', ...entrypoint, ...run];
}

function folderOf(volume) {
  const folder = join(work, 'volumes', volume);
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  chownSync(folder, NODE, NODE);
  return folder;
}

const published = 'http://127.0.0.1:3000';
async function call(method, path, { body, ...headers } = {}) {
  const answer = await fetch(`${published}/api/v1${path}`, {
    method,
    signal: AbortSignal.timeout(60_000),
    headers: {
      authorization: `Bearer ${services.api.environment.NEDWATCH_ADMIN_KEY}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const psql = (...command) => {
  const { environment } = services.logins;
  return finish(undefined, command, { env: { PATH: process.env.PATH, ...environment, PGHOST: STORES } });
};

async function prepareDatabase() {
  await startPostgres(space('stores'), work, STORES, services.postgres);
  await startRedis(space('stores'), work, STORES, services.redis);
  const [, script] = services.logins.volumes[0].match(/^(.*):\/create-logins\.sql:ro$/);
  const command = services.logins.command.map((part) => part.replace('/create-logins.sql', script));
  await psql(...command);
  await psql(...command); // at every later start
  assert.match(await finish(space('worker'), containerOf('migrate')), /up to date/);
  say('logins made, database migrated');
}

async function startServices() {
  const [api, worker] = [
    start(space('api'), containerOf('api')),
    start(space('worker'), containerOf('worker')),
  ];
  await publish(3000, { host: API, port: 3000 });
  for (const [service, url] of [
    [api, published],
    [worker, `http://${WORKER}:3000`],
  ])
    await eventually(`${url}/health/ready`, async () => {
      if (!service.runs()) return true;
      return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) })).ok;
    });
  for (const service of [api, worker]) assert(service.runs(), service.written());
  say('api and worker are ready');
  return { api, worker };
}

/** No session of the program may be a superuser's, and the program's tables belong to the owner's login. */
async function checkLogins() {
  const sessions = () =>
    psql(
      ...['psql', '--no-psqlrc', '--tuples-only', '--no-align', '--command'],
      `SELECT string_agg(DISTINCT usename || ' ' || (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls), ',')
         FROM pg_stat_activity JOIN pg_roles ON rolname = usename WHERE datname = 'nedwatch'`,
    );
  // PostgreSQL may still be ending the owner's sessions of the start.
  await eventually(
    'only nedwatch_service is logged in',
    async () => (await sessions()).trim() === 'nedwatch_service false',
    20,
  );
  say('the program is logged in as nedwatch_service, which is no superuser');
}

async function remind() {
  const messages = await startReceiver(GATEWAY, 8080);
  const { items: hospitals } = await call('GET', '/hospitals');
  await call('PATCH', `/hospitals/${hospitals[0].id}`, {
    body: { networks: [{ range: GATEWAY, port: 8080 }] },
  });
  const body = { url: `http://${GATEWAY}:8080/hook`, eventTypes: ['surveillance.item.overdue'] };
  const { secret } = await call('POST', '/webhook-endpoints', { body });

  const patient = await call('POST', '/patients', { body: newPatient() });
  await call('POST', `/patients/${patient.id}/events`, { body: resection() });
  const { items } = await call('GET', `/patients/${patient.id}/schedule`);
  assert(items.some(({ status }) => status === 'overdue'));
  const message = await eventually('the reminder', () => messages[0]);
  const { type, data } = new Webhook(secret).verify(message.body, message.headers);
  assert.deepEqual([type, data.patientId], ['surveillance.item.overdue', patient.id]);
  say('api took a patient and her operation, worker sent a signed reminder');
}

const monthsAgo = (months) =>
  DateTime.fromISO(localToday('Asia/Shanghai', undefined)).minus({ months }).toISODate();
const newPatient = () => ({
  ...{ mrn: 'IMAGE-1', name: '王芳', sex: 'female', birthDate: '1961-04-05', diagnosisDate: monthsAgo(15) },
});
const resection = () => ({
  ...{ type: 'primary_resection', date: monthsAgo(14), site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
});

/** Passwords are hashed by the native part of argon2, which an image loses easily. */
async function signIn() {
  const person = { login: 'li.min', name: '李敏', roles: ['nurse'] };
  const { setupCode } = await call('POST', '/people', { body: person });
  const body = { hospital: 'nedwatch', login: 'li.min', setupCode, newPassword: 'plum tree by the river' };
  const { token } = await call('POST', '/sign-in', { body: { ...body, as: 'token' } });
  const me = await call('GET', '/me', { authorization: `Bearer ${token}` });
  assert.equal(me.login, 'li.min');
  say('a person chose a password and signed in');
}

/** Which address the audit trail has for a call that comes by the reverse proxy, and for one past it. */
async function checkAddresses() {
  // A proxy appends the client's address to whatever the client has sent.
  await call('GET', '/worklist', { 'x-forwarded-for': '198.51.100.66, 203.0.113.7' });
  const { NEDWATCH_ADMIN_KEY: key } = services.api.environment;
  const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': '198.51.100.66' };
  const past = `fetch('http://${API}:3000/api/v1/policy', { headers: ${JSON.stringify(headers)} }).then((r) => process.exit(r.ok ? 0 : 1))`;
  await finish(space('stores'), [process.execPath, '-e', past]);

  const { items } = await call('GET', '/audit-events');
  const addressOf = (route) => items.find(({ call: made }) => made.endsWith(route))?.address;
  assert.equal(addressOf('/worklist'), '203.0.113.7');
  assert.equal(addressOf('/policy'), STORES);
  say('the audit trail has the address of the client, which no client can forge');
}

async function checkData() {
  assert.match(await finish(space('worker'), containerOf('worker', ['audit', 'verify'])), /: whole/);
  assert.match(await finish(space('worker'), containerOf('worker', ['doctor'])), / 0 violations/);
  await finish(space('worker'), containerOf('backup', ['once']));
  const [backup] = readdirSync(folderOf('backups'));
  const { size, mode, uid } = statSync(join(folderOf('backups'), backup));
  assert(size > 1000 && (mode & 0o077) === 0 && uid === NODE, `${backup}: ${size} ${mode} ${uid}`);
  say(`audit verify, doctor and backup: ${backup}, ${size} bytes`);
}

async function stop({ api, worker }) {
  for (const [name, service] of Object.entries({ api, worker })) {
    terminate(space(name), 'node dist/program/main.js');
    const { code, written } = await service.ended;
    assert.equal(code, 0, written);
  }
  say('api and worker ended in order');
}

async function restore() {
  const [backup] = readdirSync(folderOf('backups'));
  const command = containerOf('backup', ['restore', `/backups/${backup}`, '--replace']);
  assert.match(await finish(space('worker'), command), /are restored and verified/);
  say('the backup was restored');
}

inspectImage(image, config, services);
const began = join(work, 'began');
writeFileSync(began, '');
await prepareDatabase();
const running = await startServices();
await checkLogins();
await signIn();
await remind();
await checkAddresses();
await checkData();
await stop(running);
await restore();
assert.deepEqual(writtenOutsideVolumes(image, began), []);
process.exit(0); // the servers of the machine still listen
