import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKOUT, programVersion } from './checkout.js';
import { BadUsage } from './commands/bad-usage.js';
import { BadEnvironment, loadConfig, type Config } from './config.js';

interface Command {
  readonly usage: string;
  readonly does: string;
  /** Loaded when it is asked for: `plan` answers in the time that the others take to load. */
  readonly load: () => Promise<{ run: (args: string[], config: Config) => Promise<number> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    usage: 'up [--port N] [--demo]',
    does: 'run the program; port 0 is any free one, --demo fills an empty database',
    load: () => import('./commands/up.js'),
  },
  plan: {
    usage: 'plan [FILE] [--lang zh|en] [--guideline ID|FILE]',
    does: 'patients in, their follow-up out, as JSON; needs no database',
    load: () => import('./commands/plan.js'),
  },
  guideline: {
    usage: 'guideline check FILE | schema | show [ID]',
    does: "check a hospital's own protocol, print the form of one, or print a published one",
    load: () => import('./commands/guideline.js'),
  },
  import: {
    usage: 'import FILE… [--kind roster|events] [--dry-run] [--accept-good]',
    does: 'read CSV or XLSX files into the database',
    load: () => import('./commands/import.js'),
  },
  audit: {
    usage: 'audit verify | export [--from INSTANT] [--to INSTANT] | reseal --reason TEXT [--hospital ID]',
    does: 'see whether the audit trail is whole, print it as FHIR AuditEvents, or accept it after a restore',
    load: () => import('./commands/audit.js'),
  },
  keys: {
    usage: 'keys status | rotate [--hospital ID] | change-master',
    does: 'show with which keys fields are sealed, give hospitals new ones (a worker then reseals), or change the master key',
    load: () => import('./commands/keys.js'),
  },
  doctor: {
    usage: 'doctor [--days 35] [--hospital ID]',
    does: 'prove from the database that every reminder and event was told, or name what was not',
    load: () => import('./commands/doctor.js'),
  },
  migrate: {
    usage: 'migrate',
    does: 'bring the database up to date and end',
    load: () => import('./commands/migrate.js'),
  },
  backup: {
    usage: 'backup FILE',
    does: 'write all data to a file, or to standard output (-), while the program runs',
    load: () => import('./commands/backup.js'),
  },
  restore: {
    usage: 'restore FILE [--replace]',
    does: 'read a backup into an empty database; --replace: in place of what is there',
    load: () => import('./commands/restore.js'),
  },
};

function usage(): string {
  const rows: [string, string][] = Object.values(COMMANDS).map(({ usage, does }) => [usage, does]);
  rows.push(['version', 'print the version'], ['help', 'print this']);
  const width = Math.max(...rows.map(([form]) => form.length));
  const lines = rows.map(([form, does]) => `  ${form.padEnd(width)}  ${does}`);
  return `usage: bin/nedwatch COMMAND\n\n${lines.join('\n')}\n\nThe environment variables are explained in .env.example.\n`;
}

/** Runs one command; answers its exit code: 0 done, 1 failed, 2 asked in a wrong way. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...args] = argv;
  endWithReader();
  if (['help', '--help', '-h'].includes(name) || args.includes('--help')) return say(usage());
  if (['version', '--version', '-v'].includes(name)) return say(`${programVersion()}\n`);
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new BadUsage(name === '' ? 'Which command?' : `There is no command ${name}.`);
    const settings = join(CHECKOUT, '.env');
    if (existsSync(settings)) process.loadEnvFile(settings); // what is set already stays
    const { run } = await command.load();
    return await run(args, loadConfig());
  } catch (error) {
    return explain(error as Error);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Faults that somebody can mend by what the message says need no stack. */
const MENDABLE = [
  'BadEnvironment',
  'NoEmbeddedPostgres',
  'ClockConflict',
  'UnsafeRedis',
  'UnreachableDatabase',
  'BackupRefused',
  'WrongMasterKey',
];

function explain(error: Error): number {
  const badCommandLine =
    error instanceof BadUsage || /^ERR_PARSE_ARGS/.test((error as NodeJS.ErrnoException).code ?? '');
  if (badCommandLine) {
    process.stderr.write(`${error.message}\n\n${usage()}`);
    return 2;
  }
  const mendable = MENDABLE.includes(error.constructor.name);
  process.stderr.write(`${mendable ? error.message : (error.stack ?? error.message)}\n`);
  return error instanceof BadEnvironment ? 2 : 1;
}

/** A reader that closes early, such as `| head`, ends the command without an error. */
function endWithReader(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
