import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { createApplication } from '../../src/app/application.js';
import { programNow } from '../../src/platform/database/clock.js';
import { type Config, loadConfig } from '../../src/platform/config.js';
import { createDataSource } from '../../src/app/data-source.js';
import { APPLICATION_ROLE } from '../../src/platform/database/roles.js';
import { firstKey, firstStart } from '../../src/app/first-start.js';
import { standbyOf } from '../../src/app/standby.js';
import { openApiDocument } from '../../src/app/openapi.js';
import { dataFolder } from './data-folder.js';
import { createDatabase, loginOf } from './database.js';
import { OpenApiContract } from './openapi-contract.js';
import { RecordedLog } from './recorded-log.js';

/** A test's settings for its application: the instant at which it starts, and any part of the configuration. */
export type AppOptions = Partial<Config> & { readonly clock?: string };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  /** Parsed JSON; the text where it is none; undefined where there is no body. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it and compare
  readonly body: any;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
}

/** The real application with a database and a queue of its own; the test only sets its clock. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  /** As the owner of the tables, who sees all hospitals; the application has a limited login of its own. */
  readonly dataSource: DataSource;
  readonly config: Config;
  /** Of a command on the same database: through the pooler of this run, if it has one. */
  readonly commandConfig: Config;
  readonly adminKey: string;
  readonly hospitalId: string;
  /** `path` counts from /api/v1 unless it begins with one of `WHOLE_PATHS`. Sends the administrator's key. */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: RequestOptions,
  ): Promise<Answer>;
  get(path: string, headers?: RequestOptions['headers']): Promise<Answer>;
  post(path: string, payload?: unknown, headers?: RequestOptions['headers']): Promise<Answer>;
  /** Sets the clock to `instant` (RFC 3339), from which it runs on. */
  setClock(instant: string): Promise<void>;
  now(): Promise<Date>;
  /**
   * The errors that the applications of this file have logged since the last call. Other errors fail the test at
   * `close`.
   */
  takeErrors(): readonly string[];
  /** The warnings since the last call. */
  takeWarnings(): readonly string[];
  close(): Promise<void>;
}

/** To the pooler, which has a tenth of them to the server. */
const POOLED_CONNECTIONS = 80;

const ADMIN_KEY = 'nw_administrator-of-this-test';

// The framework has one log for all applications of a process.
const log = new RecordedLog();

/** Starts it; `close` it at the end, or jest does not exit. */
export async function startApp({ clock, ...options }: AppOptions = {}): Promise<TestApp> {
  const database = await createDatabase();
  const defaults = {
    ...loadConfig({ NEDWATCH_LOG: 'error', NEDWATCH_DATA: dataFolder() }),
    requestsPerSecond: 10_000, // tests send requests faster than people, and guess keys on purpose
    failedSignInsPerMinute: 10_000,
    webhookLoopback: true,
    adminKey: ADMIN_KEY,
  };
  const login = loginOf(database.url);
  const config: Config = {
    ...{ ...defaults, databaseUrl: database.url, clockStartsAt: clock },
    ...(login && { directUrl: login.direct, ownerUrl: database.url }),
    ...options,
    ...(options.standbyUrl !== undefined && { standbyUrl: sameDatabase(options.standbyUrl, database.url) }),
  };
  const dataSource = await createDataSource(database.url, 2).initialize();
  const { slowStatementMs } = config;
  const limited = await (
    login
      ? createDataSource(login.pooled, POOLED_CONNECTIONS, {
          ...{ role: APPLICATION_ROLE, connecting: 'pooled', slowStatementMs },
        })
      : createDataSource(database.url, 6, { role: APPLICATION_ROLE, slowStatementMs })
  ).initialize();
  const setClock = async (instant: string): Promise<void> => {
    await dataSource.query(
      'UPDATE program_clock SET starts_at = $1::timestamptz, ahead = $1::timestamptz - clock_timestamp()',
      [instant],
    );
  };
  if (clock !== undefined) await setClock(clock);
  await firstStart(dataSource);
  await firstKey(dataSource, config);
  const [{ id: hospitalId }] = await dataSource.query<[{ id: string }]>('SELECT id FROM hospital');

  const standby = standbyOf(config, limited);
  const app = await createApplication(config, limited, undefined, standby);
  app.useLogger(log);
  await standby.open();
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const request = requestOf(app, config.adminKey ?? '');
  return {
    ...{ app, dataSource, config, adminKey: config.adminKey ?? '', hospitalId },
    commandConfig: { ...config, ...(login && { databaseUrl: login.pooled }) },
    request,
    get: (path, headers) => request('GET', path, { headers }),
    post: (path, payload, headers) => request('POST', path, { headers, payload }),
    setClock,
    now: () => programNow(dataSource),
    takeErrors: () => log.takeErrors(),
    takeWarnings: () => log.takeWarnings(),
    async close() {
      await app.close();
      await standby.close();
      await limited.destroy();
      await dataSource.destroy();
      await database.drop();
      // The suite's module holds this object until the run ends, and would hold 10 MB through it.
      for (const name of Object.keys(this)) Reflect.deleteProperty(this, name);
      log.refuseErrors();
    },
  };
}

/** The database of `url` on another server. */
const sameDatabase = (server: string, url: string): string =>
  Object.assign(new URL(server), { pathname: new URL(url).pathname }).href;

/** Addresses outside the API, and whole ones inside. */
const WHOLE_PATHS = /^\/(api|health|metrics|fhir|cds-services|open)([/?]|$)/;

let contract: OpenApiContract | undefined;

/** Every answer in a test is validated against the API's own document. */
function requestOf(app: NestFastifyApplication, adminKey: string): TestApp['request'] {
  const documented = (contract ??= new OpenApiContract(documentOf(app)));
  return async (method, path, { headers = {}, payload } = {}) => {
    const url = WHOLE_PATHS.test(path) ? path : `/api/v1${path}`;
    const answer = await app.inject({
      ...{
        method,
        url,
        headers: { authorization: `Bearer ${adminKey}`, 'accept-language': 'en', ...headers },
      },
      ...(payload === undefined ? {} : { payload: payload as string | object }),
    });
    const body = parsed(answer.payload);
    const breaches = documented.breaches(
      method,
      url,
      answer.statusCode,
      String(answer.headers['content-type'] ?? ''),
      body,
    );
    if (breaches.length > 0) throw new Error(`Not as documented: ${breaches.join('; ')}`);
    return { status: answer.statusCode, headers: answer.headers, body };
  };
}

/** The same for every application, and expensive to make: the first test file of the run stores it for the others. */
function documentOf(app: NestFastifyApplication): OpenAPIObject {
  const file = join(tmpdir(), 'nedwatch-openapi.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as OpenAPIObject;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const document = openApiDocument(app);
  const written = `${file}.${process.pid}`;
  writeFileSync(written, JSON.stringify(document));
  renameSync(written, file); // two test files may write it at the same time
  return document;
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
