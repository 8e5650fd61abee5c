import { BrokenArchive, entriesOf } from './archive.js';
import { FORMAT, Manifest } from './manifest.js';
import { BackupRefused } from './refusal.js';
import { TableDigest } from './table-copy.js';
import type { Message } from '../guideline/message.js';
import { readIssue } from '../platform/messages/issues.js';
import { msg, render } from '../platform/messages/dictionary.js';

/** Reads the whole file, compares every byte with the manifest, and returns the manifest. Refuses any other file. */
export async function inspect(file: string): Promise<Manifest> {
  try {
    return await inspected(file);
  } catch (error) {
    if (error instanceof BackupRefused) throw error;
    if (error instanceof BrokenArchive) throw broken(file, error.text);
    if ('syscall' in (error as Error))
      throw new BackupRefused(
        'file-not-usable',
        msg('file-unreadable', { file, detail: (error as Error).message }),
      );
    throw error;
  }
}

const broken = (file: string, what: Message): BackupRefused =>
  new BackupRefused('backup-broken', msg('backup-broken', { file, what }));

async function inspected(file: string): Promise<Manifest> {
  const digests = new Map<string, TableDigest>();
  let written: string | undefined;
  for await (const { table, content } of entriesOf(file)) {
    if (written !== undefined) throw new BrokenArchive(msg('something-follows'));
    if (table === undefined) written = content.toString('utf8');
    else digestOf(digests, table).add(content);
  }
  if (written === undefined) throw new BrokenArchive(msg('end-missing'));
  const manifest = manifestIn(file, written);
  for (const { name, rows, bytes, sha256 } of manifest.tables) {
    const found = digestOf(digests, name).figures();
    digests.delete(name);
    if (found.rows !== rows || found.bytes !== bytes || found.sha256 !== sha256)
      throw new BrokenArchive(msg('rows-not-as-written', { table: name }));
  }
  const [unknown] = digests.keys();
  if (unknown !== undefined) throw new BrokenArchive(msg('table-not-in-manifest', { table: unknown }));
  return manifest;
}

function digestOf(digests: Map<string, TableDigest>, table: string): TableDigest {
  const digest = digests.get(table) ?? new TableDigest();
  digests.set(table, digest);
  return digest;
}

function manifestIn(file: string, json: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new BrokenArchive(msg('manifest-not-json'));
  }
  const { format, program } = value as { format?: unknown; program?: unknown };
  if (typeof format === 'number' && format > FORMAT)
    throw new BackupRefused(
      'backup-newer',
      msg('backup-form-newer', { file, program: String(program), form: format }),
    );
  const parsed = Manifest.safeParse(value);
  if (!parsed.success)
    throw new BrokenArchive(msg('manifest-wrong', { faults: faultsOf(parsed.error.issues) }));
  return parsed.data;
}

const faultsOf = (issues: readonly { path: PropertyKey[]; message: string }[]): string =>
  issues
    .map(({ path, message }) => `/${path.map(String).join('/')} ${render(readIssue(message), 'en')}`)
    .join('; ');
