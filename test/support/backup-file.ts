import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import type { Manifest } from '../../src/backup/manifest.js';

/** The parts of a backup by its documentation; read without the program. */
export interface BackupParts {
  manifest: Manifest;
  /** Rows by table, one a line. */
  readonly tables: Map<string, string>;
}

export async function readBackup(file: string): Promise<BackupParts> {
  const tables = new Map<string, string>();
  let manifest = '';
  const tar = extract();
  const read = pipeline(Readable.from(gunzipSync(readFileSync(file))), tar);
  for await (const entry of tar) {
    const text = (await collected(entry)).toString('utf8');
    const [, table] = /^tables\/(.*)\/\d+\.copy$/.exec(entry.header.name) ?? [];
    if (table === undefined) manifest += text;
    else tables.set(table, (tables.get(table) ?? '') + text);
  }
  await read;
  return { manifest: JSON.parse(manifest) as Manifest, tables };
}

/** Writes a backup of these parts, with the right figures for any content. */
export async function writeBackup(file: string, { manifest, tables }: BackupParts): Promise<void> {
  const tar = pack();
  const bytes = collected(tar);
  const entries = manifest.tables.map((entry) => {
    const rows = tables.get(entry.name) ?? '';
    if (rows !== '') tar.entry({ name: `tables/${entry.name}/0000001.copy` }, rows);
    const sha256 = createHash('sha256').update(rows).digest('hex');
    return { ...entry, rows: rows.split('\n').length - 1, bytes: Buffer.byteLength(rows), sha256 };
  });
  tar.entry({ name: 'manifest.json' }, JSON.stringify({ ...manifest, tables: entries }));
  tar.finalize();
  writeFileSync(file, gzipSync(await bytes));
}

async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
