import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKOUT, programVersion } from './platform/checkout.js';
import { BadUsage } from './commands/bad-usage.js';
import { BadEnvironment, loadConfig, type Config } from './platform/config.js';
import type { Language } from './guideline/guideline.js';
import type { Message } from './guideline/message.js';
import { languageOfSystem } from './platform/messages/language.js';
import { MendableError } from './platform/messages/mendable-error.js';
import { msg, render } from './platform/messages/dictionary.js';

interface Command {
  readonly usage: string;
  readonly does: Message;
  /** Loaded on demand: `plan` answers in the time that the others take to load. */
  readonly load: () => Promise<{ run: (args: string[], config: Config) => Promise<number> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    usage: 'up [--port N] [--demo]',
    does: msg('does-up'),
    load: () => import('./commands/up.js'),
  },
  plan: {
    usage: 'plan [FILE] [--lang zh|en] [--guideline ID|FILE] [--all-errors]',
    does: msg('does-plan'),
    load: () => import('./commands/plan.js'),
  },
  guideline: {
    usage: 'guideline check FILE [--all-errors] | schema | show [ID]',
    does: msg('does-guideline'),
    load: () => import('./commands/guideline.js'),
  },
  import: {
    usage: 'import FILE… [--kind roster|events] [--dry-run] [--accept-good] [--all-errors]',
    does: msg('does-import'),
    load: () => import('./commands/import.js'),
  },
  audit: {
    usage: 'audit verify | export [--from INSTANT] [--to INSTANT] | reseal --reason TEXT [--hospital ID]',
    does: msg('does-audit'),
    load: () => import('./commands/audit.js'),
  },
  keys: {
    usage: 'keys status | rotate | new-admin [--revoke] [--hospital ID] | change-master',
    does: msg('does-keys'),
    load: () => import('./commands/keys.js'),
  },
  doctor: {
    usage: 'doctor [--days 35] [--hospital ID]',
    does: msg('does-doctor'),
    load: () => import('./commands/doctor.js'),
  },
  migrate: {
    usage: 'migrate',
    does: msg('does-migrate'),
    load: () => import('./commands/migrate.js'),
  },
  backup: {
    usage: 'backup FILE | --folder DIR [--keep DAYS,WEEKS,MONTHS] | check FILE',
    does: msg('does-backup'),
    load: () => import('./commands/backup.js'),
  },
  restore: {
    usage: 'restore FILE [--replace]',
    does: msg('does-restore'),
    load: () => import('./commands/restore.js'),
  },
  hospital: {
    usage: 'hospital move CODE [--cancel | --delete-left] | directory CELL',
    does: msg('does-hospital'),
    load: () => import('./commands/hospital.js'),
  },
};

function usage(language: Language): string {
  const rows: [string, Message][] = Object.values(COMMANDS).map(({ usage, does }) => [usage, does]);
  rows.push(['version', msg('does-version')], ['help', msg('does-help')]);
  const width = Math.max(...rows.map(([form]) => form.length));
  const commands = rows
    .map(([form, does]) => `  ${form.padEnd(width)}  ${render(does, language)}`)
    .join('\n');
  return `${render(msg('usage', { commands }), language)}\n`;
}

/** Runs one command; returns its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...args] = argv;
  endWithReader();
  const settings = join(CHECKOUT, '.env');
  if (existsSync(settings)) process.loadEnvFile(settings); // existing variables stay
  const language = languageOfSystem(process.env);
  if (['help', '--help', '-h'].includes(name) || args.includes('--help')) return say(usage(language));
  if (['version', '--version', '-v'].includes(name)) return say(`${programVersion()}\n`);
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new BadUsage(name === '' ? msg('which-command') : msg('no-command', { name }));
    const { run } = await command.load();
    return await run(args, loadConfig());
  } catch (error) {
    return explain(error as Error, language);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function explain(error: Error, language: Language): number {
  const usageProblem = error instanceof BadUsage ? error.text : argumentProblem(error);
  if (usageProblem) {
    process.stderr.write(`${render(usageProblem, language)}\n\n${usage(language)}`);
    return 2;
  }
  const unreadable = unreadableFile(error);
  // An error that the reader can mend needs no stack.
  const text = unreadable
    ? render(unreadable, language)
    : error instanceof MendableError
      ? render(error.text, language)
      : (error.stack ?? error.message);
  process.stderr.write(`${text}\n`);
  return error instanceof BadEnvironment ? 2 : 1;
}

/** The message about a file that cannot be opened; undefined for any other error. */
function unreadableFile({ code, path, syscall }: NodeJS.ErrnoException): Message | undefined {
  if (code === 'EISDIR') return msg('not-a-file');
  if (path === undefined || syscall !== 'open') return undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return msg('no-such-file', { file: path });
  return code === 'EACCES' ? msg('file-not-permitted', { file: path }) : undefined;
}

/** The message for an error of `parseArgs`, which Node words in English alone; undefined for other errors. */
function argumentProblem({ code, message }: NodeJS.ErrnoException): Message | undefined {
  const [, named = ''] = /'(.*?)'/.exec(message) ?? [];
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return msg('unknown-option', { option: named });
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return msg('unexpected-argument', { argument: named });
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return message.includes('does not take')
        ? msg('option-takes-none', { option: named })
        : msg('option-needs-value', { option: named });
    default:
      return undefined;
  }
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
