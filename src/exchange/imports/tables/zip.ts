import { inflateRawSync } from 'node:zlib';
import { DomainError } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { TABLE_LIMITS } from './table.js';

/** The files of a ZIP archive whose sizes the directory declares, each unpacked when it is asked for. */
export interface Archive {
  has(name: string): boolean;
  /** The unpacked file. Throws when it is larger than declared, or damaged. */
  read(name: string): Buffer;
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MOST_COMMENT = 65_535;
const MOST_ENTRIES = 2_000;
const STORED = 0;
const DEFLATED = 8;

/**
 * Opens a ZIP archive by its central directory. Refuses an archive whose files are larger than the limit together,
 * before it unpacks any of them.
 */
export function openArchive(bytes: Buffer): Archive {
  const entries = directoryOf(bytes);
  let total = 0;
  for (const { unpacked } of entries.values()) total += unpacked;
  if (total > TABLE_LIMITS.unpackedBytes) throw tooLarge();
  let left: number = TABLE_LIMITS.unpackedBytes;
  return {
    has: (name) => entries.has(keyOf(name)),
    read: (name) => {
      const entry = entries.get(keyOf(name));
      if (!entry) throw damaged();
      const file = unpack(bytes, entry);
      left -= file.length; // a file that many sheets name is unpacked for each
      if (left < 0) throw tooLarge();
      return file;
    },
  };
}

function directoryOf(bytes: Buffer): ReadonlyMap<string, Entry> {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count > MOST_ENTRIES || at === 0xffffffff) throw tooLarge();
  const entries = new Map<string, Entry>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY) throw damaged();
    const flags = bytes.readUInt16LE(at + 8);
    if ((flags & 1) === 1) throw encrypted();
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      bytes.readUInt16LE(at + field),
    ) as [number, number, number];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameBytes);
    entries.set(keyOf(name), {
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      unpacked: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= 0 && at >= bytes.length - END_BYTES - MOST_COMMENT; at--)
    if (bytes.readUInt32LE(at) === END) return at;
  throw damaged();
}

function unpack(bytes: Buffer, { method, packed, unpacked, offset }: Entry): Buffer {
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) throw damaged();
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const data = bytes.subarray(start, start + packed);
  if (method === STORED) return data;
  if (method !== DEFLATED) throw damaged();
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(unpacked, 1) });
  } catch {
    throw damaged();
  }
}

// Office compares the names of parts without regard to case.
const keyOf = (name: string): string => name.replace(/^\//, '').replace(/\\/g, '/').toLowerCase();

export const damaged = (): DomainError =>
  new DomainError('unsupported', 'not-a-workbook', msg('not-a-workbook'));
export const encrypted = (): DomainError =>
  new DomainError('unsupported', 'workbook-encrypted', msg('workbook-encrypted'));
const tooLarge = (): DomainError =>
  new DomainError(
    'too-large',
    'workbook-too-large',
    msg('workbook-too-large', { megabytes: TABLE_LIMITS.unpackedBytes / 1e6 }),
  );
