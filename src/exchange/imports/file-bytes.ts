import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { CsvShape } from './rows/csv.js';
import { TABLE_LIMITS } from './tables/table.js';
import { hasUtf8Lines } from './tables/text-table.js';

/** The bytes of an uploaded file, as many as a spreadsheet may have. */
export class FileBytes {
  private pieces: Buffer[] = [];
  private length = 0;

  add(piece: Buffer): void {
    this.length += piece.length;
    if (this.length <= TABLE_LIMITS.bytes || this.pieces.length === 0) this.pieces.push(piece);
    // The first piece says whether the file is a CSV file of the contract, which may be larger.
    else this.pieces.splice(1);
  }

  /**
   * Whether the file is a spreadsheet of a ward, and not CSV in UTF-8 whose first line has columns of the contract. A
   * contract file in another encoding is read as a spreadsheet, if one encoding fits all of it.
   */
  isSpreadsheet(shape: CsvShape): boolean {
    if (!this.isContract(shape)) return true;
    if (this.length > TABLE_LIMITS.bytes) return false;
    const all = this.all();
    return !isUtf8(all) && !hasUtf8Lines(all);
  }

  /** Whether the first line is blank or names one of these columns. */
  isContract({ required, optional }: CsvShape): boolean {
    const [first = Buffer.alloc(0)] = this.pieces;
    const end = first.indexOf(0x0a);
    const line = first
      .subarray(0, end === -1 ? first.length : end)
      .toString('latin1')
      .replace(/^ï»¿/, '');
    if (line.trim() === '') return true;
    const names = line.split(',').map((name) => name.trim().replace(/^"|"$/g, ''));
    const known = [...required, ...optional];
    return !/[^\t\r\x20-\x7e]/.test(line) && names.some((name) => known.includes(name));
  }

  /** The whole file. Refuses one that is larger than a spreadsheet may be. */
  all(): Buffer {
    if (this.length <= TABLE_LIMITS.bytes) return Buffer.concat(this.pieces);
    const text = msg('spreadsheet-too-large', { megabytes: TABLE_LIMITS.bytes / 1e6 });
    throw new DomainError('too-large', 'spreadsheet-too-large', text);
  }
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
