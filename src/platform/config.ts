import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Language } from '../guideline/guideline.js';
import { isStrongKey } from './key-strength.js';
import { isInstant } from './instant.js';
import { languageOfSystem } from './messages/language.js';
import { MendableError } from './messages/mendable-error.js';
import { lines, msg } from './messages/dictionary.js';
import { issue, readIssue } from './messages/issues.js';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const key = z
  .base64(issue('env-base64'))
  .transform((text) => Buffer.from(text, 'base64'))
  .refine(({ length }) => length === 32, issue('env-key-bytes'));
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: issue('env-postgres') });
const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: issue('env-redis'),
});
const instant = z.string().refine(isInstant, { error: issue('env-instant') });

const atMost = (highest: number, usual: number) => z.coerce.number().int().min(1).max(highest).default(usual);
const addressRange = z.string().refine((text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text), {
  error: issue('env-addresses'),
});
const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item));

const TLS = [
  ['NEDWATCH_TLS_CERT', 'NEDWATCH_TLS_KEY'],
  ['NEDWATCH_TLS_KEY', 'NEDWATCH_TLS_CERT'],
  ['NEDWATCH_MLLP_TLS_CERT', 'NEDWATCH_MLLP_TLS_KEY'],
  ['NEDWATCH_MLLP_TLS_KEY', 'NEDWATCH_MLLP_TLS_CERT'],
  ['NEDWATCH_MLLP_TLS_CLIENT_CA', 'NEDWATCH_MLLP_TLS_CERT'],
] as const;

/** Other addresses of the database that `DATABASE_URL` names. */
const DATABASES = ['NEDWATCH_DIRECT_URL', 'NEDWATCH_OWNER_URL', 'NEDWATCH_STANDBY_URL'] as const;

const Environment = z
  .object({
    NEDWATCH_LANG: z.enum(['zh', 'en']).optional(),
    DATABASE_URL: postgresUrl.optional(),
    NEDWATCH_DIRECT_URL: postgresUrl.optional(),
    NEDWATCH_OWNER_URL: postgresUrl.optional(),
    NEDWATCH_STANDBY_URL: postgresUrl.optional(),
    NEDWATCH_MOVE_TO_URL: postgresUrl.optional(),
    NEDWATCH_START_WAIT_SECONDS: z.coerce.number().int().min(0).max(3600).default(60),
    NEDWATCH_DRAIN_SECONDS: z.coerce.number().int().min(0).max(600).default(0),
    NEDWATCH_DATABASE_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
    REDIS_URL: listOf(redisUrl).optional(),
    NEDWATCH_REDIS_PASSWORD: z.string().min(1).optional(),
    NEDWATCH_DATA: z.string().min(1).default('.data'),
    NEDWATCH_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
    NEDWATCH_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    NEDWATCH_HOST: z.string().min(1).default('127.0.0.1'),
    NEDWATCH_TLS_CERT: z.string().min(1).optional(),
    NEDWATCH_TLS_KEY: z.string().min(1).optional(),
    NEDWATCH_MLLP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    NEDWATCH_MLLP_TLS_CERT: z.string().min(1).optional(),
    NEDWATCH_MLLP_TLS_KEY: z.string().min(1).optional(),
    NEDWATCH_MLLP_TLS_CLIENT_CA: z.string().min(1).optional(),
    NEDWATCH_TRUSTED_PROXIES: listOf(addressRange).optional(),
    NEDWATCH_CONNECTIONS_PER_ADDRESS: atMost(4000, 100),
    NEDWATCH_REQUESTS_PER_SECOND: atMost(1_000_000, 500),
    NEDWATCH_REQUEST_BURST: atMost(1_000_000, 2000),
    NEDWATCH_FAILED_SIGN_INS_PER_MINUTE: atMost(10_000, 10),
    NEDWATCH_CLOCK: instant.optional(),
    NEDWATCH_ADMIN_KEY: z.string().refine(isStrongKey, issue('env-admin-key')).optional(),
    NEDWATCH_PUBLIC_URL: z.url({ protocol: /^https?$/, error: issue('env-public-url') }).optional(),
    NEDWATCH_MASTER_KEY: key.optional(),
    NEDWATCH_NEW_MASTER_KEY: key.optional(),
    NEDWATCH_AUDIT_ANCHOR: z.string().min(1).optional(),
    NEDWATCH_ANCHOR_URL: z
      .url({ protocol: /^https?$/, error: issue('env-anchor-url') })
      .transform((text) => new URL(text))
      .refine(({ username, password }) => username === '' && password === '', issue('env-anchor-login'))
      .optional(),
    NEDWATCH_ANCHOR_TOKEN: z
      .string()
      .regex(/^[\w.~+/-]+=*$/, issue('env-anchor-token'))
      .optional(),
    NEDWATCH_AUDIT_DAYS: z.coerce
      .number()
      .int()
      .min(184, issue('env-audit-days'))
      .max(36_525, issue('env-audit-days-at-most'))
      .default(366),
    NEDWATCH_OUTBOUND_PROXY: z
      .url({ protocol: /^https?$/, error: issue('env-proxy') })
      .transform((text) => new URL(text))
      .optional(),
    NEDWATCH_WEBHOOK_LOOPBACK: flag,
    NEDWATCH_TRACE_URL: z
      .url({ protocol: /^https?$/, error: issue('env-trace-url') })
      .transform((text) => new URL(text))
      .refine(({ username, password }) => username === '' && password === '', issue('env-trace-login'))
      .optional(),
    NEDWATCH_TRACE_SHARE: z.coerce.number().min(0).max(1).default(1),
    NEDWATCH_SLOW_STATEMENT_MS: z.coerce.number().int().min(0).max(3_600_000).default(1000),
    NEDWATCH_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    NODE_ENV: z.string().default('development'),
  })
  .superRefine((env, ctx) => {
    const refuse = (name: string, why: string): void =>
      ctx.addIssue({ code: 'custom', path: [name], message: why });
    for (const [one, other] of TLS)
      if (env[one] !== undefined && env[other] === undefined) refuse(other, issue('env-tls-pair', { one }));
    for (const name of DATABASES)
      if (env[name] !== undefined && env.DATABASE_URL === undefined) refuse(name, issue('env-database-url'));
    if (env.NODE_ENV !== 'production') return;
    if (env.NEDWATCH_CLOCK !== undefined) refuse('NEDWATCH_CLOCK', issue('env-clock'));
    if (env.NEDWATCH_WEBHOOK_LOOPBACK) refuse('NEDWATCH_WEBHOOK_LOOPBACK', issue('env-loopback'));
  });

/** The validated environment. Without `databaseUrl` the program uses the embedded PostgreSQL. */
export interface Config {
  /** The language of the command line: `NEDWATCH_LANG`, else the language of the system's locale. */
  readonly language: Language;
  readonly databaseUrl: string | undefined;
  /** The same database without a pooler, for sessions; undefined: `databaseUrl`. */
  readonly directUrl: string | undefined;
  /** The login that owns the tables and runs migrations, without a pooler; undefined: the login of `directUrl`. */
  readonly ownerUrl: string | undefined;
  /** The standbys of the database, through a pooler or not, where heavy reads are done; undefined: there is none. */
  readonly standbyUrl: string | undefined;
  /** The other database of `bin/nedwatch hospital move`, with the login that owns its tables, without a pooler. */
  readonly moveToUrl: string | undefined;
  /** How long a start waits for one dependency, such as a database that is not available yet. */
  readonly startWaitSeconds: number;
  /** How long a process still serves after SIGTERM, while `/health/ready` answers 503. Workers do not wait. */
  readonly drainSeconds: number;
  /** How many units of database work one process runs at the same time. */
  readonly databaseConnections: number;
  /** None: the queue runs on PostgreSQL. Several: the nodes of a Redis Cluster. */
  readonly redisUrls: readonly string[];
  readonly dataDirectory: string;
  readonly role: 'all' | 'api' | 'worker';
  readonly host: string;
  readonly port: number;
  /**
   * PEM files with which the program itself serves HTTPS. Undefined: it serves HTTP behind a proxy that serves HTTPS.
   */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined;
  /** The port for HL7 v2 over MLLP; undefined: closed. */
  readonly mllpPort: number | undefined;
  /** PEM files for MLLP over TLS, and the authorities of its client certificates; undefined: MLLP without TLS. */
  readonly mllpTls:
    | {
        readonly certificateFile: string;
        readonly keyFile: string;
        readonly clientCaFile: string | undefined;
      }
    | undefined;
  /** The longest time for one frame, and without a byte. Not configurable. */
  readonly mllpFrameMs: number;
  readonly mllpIdleMs: number;
  /** Proxies that are trusted to name the address of a request's sender. */
  readonly trustedProxies: readonly string[];
  /** Connections of one address at the same time; a trusted proxy has no limit. */
  readonly connectionsPerAddress: number;
  /**
   * Requests per second of one key or person, or of one address where the caller is unknown, at all processes that serve
   * requests on the database.
   */
  readonly requestsPerSecond: number;
  /** Additional requests allowed within ten seconds. */
  readonly requestBurst: number;
  /** Failed sign-ins per minute of one address, and wrong keys as many, at all processes. */
  readonly failedSignInsPerMinute: number;
  /** RFC 3339: the instant at which the program's clock starts. */
  readonly clockStartsAt: string | undefined;
  readonly adminKey: string | undefined;
  /** The public address of the program; undefined: the address that each request names. */
  readonly publicUrl: string | undefined;
  /** The master key that encrypts secrets in the database; undefined: a key file under `dataDirectory`. */
  readonly masterKey: Buffer | undefined;
  /** The next master key: `bin/nedwatch keys change-master`. */
  readonly newMasterKey: Buffer | undefined;
  /**
   * The file outside the database that stores the heads of the audit trails; undefined: a file under `dataDirectory`.
   */
  readonly auditAnchor: string | undefined;
  /** Where each line of the anchor file is also sent; undefined: nowhere. */
  readonly anchorUrl: URL | undefined;
  /** The bearer token for `anchorUrl`. */
  readonly anchorToken: string | undefined;
  /** The minimum retention of the audit trail. */
  readonly auditDays: number;
  /** The proxy for requests to the internet, with its password if it has one; undefined: direct requests. */
  readonly outboundProxy: URL | undefined;
  readonly webhookLoopback: boolean;
  /**
   * The longest duration of an attempt, including the answer: less than half of the delivery lease. Not configurable.
   */
  readonly webhookTimeoutMs: number;
  /** The collector that takes traces by OTLP over HTTP; undefined: no traces. */
  readonly traceUrl: URL | undefined;
  /** The share of traces that are kept, from 0 to 1. */
  readonly traceShare: number;
  /** A statement that takes longer is logged; 0: none. */
  readonly slowStatementMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly production: boolean;
}

/** Injection token of the one Config object. */
export const CONFIG = Symbol('Config');

/** The environment is invalid. The text names every bad variable, not only the first. */
export class BadEnvironment extends MendableError {}

/** The only reader of the environment, once, at start. Empty variables count as unset. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    throw new BadEnvironment(
      msg('bad-environment', {
        lines: lines(
          parsed.error.issues.map(({ path, message }) =>
            msg('env-fault', { name: String(path[0]), fault: readIssue(message) }),
          ),
        ),
      }),
    );
  }
  const e = parsed.data;
  return {
    language: languageOfSystem(set),
    ...databasesOf(e),
    ...startAndEndOf(e),
    databaseConnections: e.NEDWATCH_DATABASE_CONNECTIONS,
    redisUrls: (e.REDIS_URL ?? []).map((url) => withPassword(url, e.NEDWATCH_REDIS_PASSWORD)),
    dataDirectory: e.NEDWATCH_DATA,
    role: e.NEDWATCH_ROLE,
    host: e.NEDWATCH_HOST,
    port: e.NEDWATCH_PORT,
    tls: tlsOf(e.NEDWATCH_TLS_CERT, e.NEDWATCH_TLS_KEY),
    mllpPort: e.NEDWATCH_MLLP_PORT,
    mllpTls: withClientCa(
      tlsOf(e.NEDWATCH_MLLP_TLS_CERT, e.NEDWATCH_MLLP_TLS_KEY),
      e.NEDWATCH_MLLP_TLS_CLIENT_CA,
    ),
    mllpFrameMs: 60_000,
    mllpIdleMs: 1_800_000,
    trustedProxies: e.NEDWATCH_TRUSTED_PROXIES ?? [],
    connectionsPerAddress: e.NEDWATCH_CONNECTIONS_PER_ADDRESS,
    requestsPerSecond: e.NEDWATCH_REQUESTS_PER_SECOND,
    requestBurst: e.NEDWATCH_REQUEST_BURST,
    failedSignInsPerMinute: e.NEDWATCH_FAILED_SIGN_INS_PER_MINUTE,
    clockStartsAt: e.NEDWATCH_CLOCK,
    adminKey: e.NEDWATCH_ADMIN_KEY,
    publicUrl: e.NEDWATCH_PUBLIC_URL,
    masterKey: e.NEDWATCH_MASTER_KEY,
    newMasterKey: e.NEDWATCH_NEW_MASTER_KEY,
    auditAnchor: e.NEDWATCH_AUDIT_ANCHOR,
    anchorUrl: e.NEDWATCH_ANCHOR_URL,
    anchorToken: e.NEDWATCH_ANCHOR_TOKEN,
    auditDays: e.NEDWATCH_AUDIT_DAYS,
    outboundProxy: e.NEDWATCH_OUTBOUND_PROXY,
    webhookLoopback: e.NEDWATCH_WEBHOOK_LOOPBACK,
    webhookTimeoutMs: 15_000,
    ...observabilityOf(e),
    logLevel: e.NEDWATCH_LOG,
    production: e.NODE_ENV === 'production',
  };
}

const databasesOf = (
  e: z.output<typeof Environment>,
): Pick<Config, 'databaseUrl' | 'directUrl' | 'ownerUrl' | 'standbyUrl' | 'moveToUrl'> => ({
  databaseUrl: e.DATABASE_URL,
  directUrl: e.NEDWATCH_DIRECT_URL,
  ownerUrl: e.NEDWATCH_OWNER_URL,
  standbyUrl: e.NEDWATCH_STANDBY_URL,
  moveToUrl: e.NEDWATCH_MOVE_TO_URL,
});

const startAndEndOf = (
  e: z.output<typeof Environment>,
): Pick<Config, 'startWaitSeconds' | 'drainSeconds'> => ({
  startWaitSeconds: e.NEDWATCH_START_WAIT_SECONDS,
  drainSeconds: e.NEDWATCH_DRAIN_SECONDS,
});

const observabilityOf = (
  e: z.output<typeof Environment>,
): Pick<Config, 'traceUrl' | 'traceShare' | 'slowStatementMs'> => ({
  traceUrl: e.NEDWATCH_TRACE_URL,
  traceShare: e.NEDWATCH_TRACE_SHARE,
  slowStatementMs: e.NEDWATCH_SLOW_STATEMENT_MS,
});

/** A password in the address itself takes precedence. */
function withPassword(address: string, password: string | undefined): string {
  const url = new URL(address);
  if (password === undefined || url.password !== '') return address;
  return Object.assign(url, { password: encodeURIComponent(password) }).href;
}

function tlsOf(certificateFile: string | undefined, keyFile: string | undefined): Config['tls'] {
  return certificateFile === undefined || keyFile === undefined ? undefined : { certificateFile, keyFile };
}

const withClientCa = (tls: Config['tls'], clientCaFile: string | undefined): Config['mllpTls'] =>
  tls && { ...tls, clientCaFile };
