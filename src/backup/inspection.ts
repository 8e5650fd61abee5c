import { BrokenArchive, entriesOf } from './archive.js';
import { FORMAT, Manifest } from './manifest.js';
import { BackupRefused } from './refusal.js';
import { TableDigest } from './table-copy.js';

/** Reads the whole file and answers its manifest, once every byte has been held against it. Refuses any other file. */
export async function inspect(file: string): Promise<Manifest> {
  try {
    return await inspected(file);
  } catch (error) {
    if (error instanceof BackupRefused) throw error;
    if (error instanceof BrokenArchive) throw broken(file, error.message);
    if ('syscall' in (error as Error))
      throw new BackupRefused('file-not-usable', `${file} cannot be read: ${(error as Error).message}.`);
    throw error;
  }
}

const broken = (file: string, what: string): BackupRefused =>
  new BackupRefused(
    'backup-broken',
    `${file} is damaged, incomplete or no backup: ${what}. Take another copy of it, or an older backup.`,
  );

async function inspected(file: string): Promise<Manifest> {
  const digests = new Map<string, TableDigest>();
  let written: string | undefined;
  for await (const { table, content } of entriesOf(file)) {
    if (written !== undefined) throw new BrokenArchive('something follows the manifest');
    if (table === undefined) written = content.toString('utf8');
    else digestOf(digests, table).add(content);
  }
  if (written === undefined) throw new BrokenArchive('its end is missing');
  const manifest = manifestIn(file, written);
  for (const { name, rows, bytes, sha256 } of manifest.tables) {
    const found = digestOf(digests, name).figures();
    digests.delete(name);
    if (found.rows !== rows || found.bytes !== bytes || found.sha256 !== sha256)
      throw new BrokenArchive(`the rows of ${name} are not those that were written`);
  }
  const [unknown] = digests.keys();
  if (unknown !== undefined) throw new BrokenArchive(`its manifest does not know ${unknown}`);
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
    throw new BrokenArchive('its manifest is no JSON');
  }
  const { format, program } = value as { format?: unknown; program?: unknown };
  if (typeof format === 'number' && format > FORMAT)
    throw new BackupRefused(
      'backup-newer',
      `${file} was made by nedwatch ${String(program)}, in a form (${format}) that this version cannot read. Restore it with that version.`,
    );
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) throw new BrokenArchive(`its manifest is not right: ${faultsOf(parsed.error.issues)}`);
  return parsed.data;
}

const faultsOf = (issues: readonly { path: PropertyKey[]; message: string }[]): string =>
  issues.map(({ path, message }) => `/${path.map(String).join('/')} ${message}`).join('; ');
