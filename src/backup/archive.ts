import { createReadStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack, type Pack } from 'tar-stream';
import type { Manifest } from './manifest.js';
import { MendableError } from '../platform/messages/mendable-error.js';
import { msg } from '../platform/messages/dictionary.js';

// The size of a tar entry precedes its content. So a table is split into parts, and memory holds one part at a time.
const PART_BYTES = 1024 * 1024;

const MANIFEST = 'manifest.json';

/** One file of the archive: a part of a table's rows, or the manifest. */
export type Entry =
  | { readonly table: string; readonly content: Buffer }
  | { readonly table: undefined; readonly content: Buffer };

/**
 * The file of a backup is a gzipped tar of `tables/NAME/0000001.copy`, … and `manifest.json`, so that it can be read
 * without this program: `tar xzf FILE; cat tables/NAME/*` gives the input of `COPY NAME (columns) FROM STDIN`.
 */
export class ArchiveWriter {
  private constructor(private readonly tar: Pack) {}

  /** Lets `fill` write the archive to `to`, and adds the returned manifest as the last entry. */
  static async write(to: Writable, fill: (archive: ArchiveWriter) => Promise<Manifest>): Promise<Manifest> {
    const archive = new ArchiveWriter(pack());
    const written = pipeline(archive.tar, createGzip(), to);
    const filled = async (): Promise<Manifest> => {
      const manifest = await fill(archive);
      await archive.entry(MANIFEST, Buffer.from(JSON.stringify(manifest, null, 2)));
      archive.tar.finalize();
      return manifest;
    };
    try {
      const [manifest] = await Promise.all([filled(), written]);
      return manifest;
    } catch (error) {
      archive.tar.destroy();
      await written.catch(() => undefined);
      throw error;
    }
  }

  /** Appends all of `rows`, and passes each chunk to `onChunk`. */
  async table(name: string, rows: Readable, onChunk: (chunk: Buffer) => void): Promise<void> {
    let part: Buffer[] = [];
    let bytes = 0;
    let number = 0;
    const end = async (): Promise<void> => {
      const content = Buffer.concat(part);
      [part, bytes] = [[], 0];
      await this.entry(`tables/${name}/${String(++number).padStart(7, '0')}.copy`, content);
    };
    for await (const chunk of rows) {
      onChunk(chunk as Buffer);
      part.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= PART_BYTES) await end();
    }
    if (bytes > 0) await end();
  }

  private async entry(name: string, content: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      const header = { name, size: content.length, mode: 0o600 };
      this.tar.entry(header, content, done).on('error', reject);
    });
  }
}

/** The file is not a backup, or an incomplete one. */
export class BrokenArchive extends MendableError {}

// Longer than any part: a chunk of COPY is at most one row, and a row at most a gigabyte.
const ENTRY_AT_MOST = PART_BYTES + 2 ** 30;

/** Reads an archive from its beginning; throws `BrokenArchive` where it is none. */
export async function* entriesOf(file: string): AsyncGenerator<Entry> {
  const tar = extract();
  const read = pipeline(createReadStream(file), createGunzip(), tar);
  read.catch(() => undefined); // the loop reports it too
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      const [, table] = /^tables\/([^/]+)\/\d{7}\.copy$/.exec(name) ?? [];
      if ((table === undefined && name !== MANIFEST) || size > ENTRY_AT_MOST)
        throw new BrokenArchive(msg('foreign-entry', { name: JSON.stringify(name) }));
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk);
      yield { table, content: Buffer.concat(chunks) };
    }
    await read;
  } catch (error) {
    if (error instanceof BrokenArchive || 'syscall' in (error as Error)) throw error;
    throw new BrokenArchive({ key: (error as Error).message });
  }
}
