import { DomainError, invalid } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { type NumberFormat, numberFormat } from './number-format.js';
import { readSheetXml, sharedText } from './sheet-xml.js';
import { CellBudget, type Sheet, TABLE_LIMITS } from './table.js';
import { readXml, xmlText } from './xml.js';
import { type Archive, damaged, encrypted, openArchive } from './zip.js';

const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const ZIP = Buffer.from('PK\u0003\u0004');
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Whether these are the first bytes of a workbook, and not of a text. */
export const isWorkbook = (bytes: Uint8Array): boolean => {
  const head = Buffer.from(bytes.subarray(0, 8));
  return head.subarray(0, 4).equals(ZIP) || head.equals(OLE);
};

/**
 * Reads the sheets of an XLSX workbook: values, number formats, merged cells and what is hidden. Formulas are never
 * evaluated, links and macros never followed. Refuses a workbook with a password or in the old binary form, and one
 * that unpacks to more than the limit.
 */
export function readWorkbook(bytes: Buffer): Sheet[] {
  if (bytes.subarray(0, 8).equals(OLE)) throw bytes.includes(ENCRYPTED) ? encrypted() : oldForm();
  const archive = openArchive(bytes);
  const book = workbookPart(archive);
  const { sheets, from1904 } = sheetsOf(archive.read(book));
  const targets = relationsOf(archive, book);
  const part = (type: string): Buffer | undefined => {
    const target = targets.find((one) => one.type === type)?.target;
    return target !== undefined && archive.has(target) ? archive.read(target) : undefined;
  };
  const shared = {
    strings: stringsOf(part('sharedStrings')),
    formats: formatsOf(part('styles')),
    from1904,
  };
  const budget = new CellBudget();
  let rows = 0;
  return sheets.flatMap(({ name, hidden, relation }) => {
    const target = targets.find(({ id }) => id === relation);
    if (target?.type !== 'worksheet') return [];
    const content = readSheetXml(xmlText(archive.read(target.target)), shared, budget);
    rows += content.rows.length;
    if (rows > TABLE_LIMITS.rows * 2) throw tooManyRows();
    return [{ name, hidden, ...content }];
  });
}

function workbookPart(archive: Archive): string {
  const [main] = relationsOf(archive, '').filter(({ type }) => type === 'officeDocument');
  const name = main?.target ?? 'xl/workbook.xml';
  if (!archive.has(name)) throw damaged();
  return name;
}

interface Relation {
  readonly id: string;
  /** The last part of its address, equal in both editions of the standard. */
  readonly type: string;
  readonly target: string;
}

function relationsOf(archive: Archive, part: string): Relation[] {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`;
  if (!archive.has(name)) return [];
  const found: Relation[] = [];
  readXml(xmlText(archive.read(name)), {
    open: (tag, attribute) => {
      if (tag !== 'Relationship' || attribute('TargetMode') === 'External') return;
      if (found.length >= MOST_RELATIONS) throw damaged();
      const target = attribute('Target') ?? '';
      found.push({
        id: attribute('Id') ?? '',
        type: (attribute('Type') ?? '').split('/').at(-1) ?? '',
        target: target.startsWith('/') ? target.slice(1) : inFolder(folder, target),
      });
    },
  });
  return found;
}

function inFolder(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${target}`.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  return parts.join('/');
}

interface SheetEntry {
  readonly name: string;
  readonly hidden: boolean;
  readonly relation: string;
}

function sheetsOf(workbook: Buffer): { readonly sheets: SheetEntry[]; readonly from1904: boolean } {
  const sheets: SheetEntry[] = [];
  let from1904 = false;
  readXml(xmlText(workbook), {
    open: (tag, attribute) => {
      if (tag === 'workbookPr') from1904 = isTrue(attribute('date1904'));
      if (tag === 'sheet' && sheets.length >= TABLE_LIMITS.sheets) throw tooManySheets();
      if (tag === 'sheet')
        sheets.push({
          name: attribute('name') ?? '',
          hidden: (attribute('state') ?? 'visible') !== 'visible',
          relation: attribute('id') ?? '',
        });
    },
  });
  return { sheets, from1904 };
}

const isTrue = (written: string | undefined): boolean => written === '1' || written === 'true';

/** The shared texts. What a reader is helped to pronounce (`rPh`) is no part of a text. */
function stringsOf(part: Buffer | undefined): string[] {
  const strings: string[] = [];
  if (!part) return strings;
  let [text, inText, phonetic] = ['', false, false];
  readXml(xmlText(part), {
    open: (tag) => {
      if (tag === 'si') text = '';
      else if (tag === 't') inText = !phonetic;
      else if (tag === 'rPh') phonetic = true;
    },
    text: (piece) => {
      if (inText) text += piece;
    },
    close: (tag) => {
      if (tag === 'si') {
        if (strings.length >= TABLE_LIMITS.cells) throw damaged();
        strings.push(sharedText(text));
      } else if (tag === 't') inText = false;
      else if (tag === 'rPh') phonetic = false;
    },
  });
  return strings;
}

// More than spreadsheet programs write: 64,000 styles, some hundred formats of 255 characters, a relation for each sheet and drawing.
const [MOST_STYLES, MOST_FORMATS, LONGEST_FORMAT, MOST_RELATIONS] = [65_536, 1_000, 255, 2_000];

function formatsOf(part: Buffer | undefined): NumberFormat[] {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  if (part)
    readXml(xmlText(part), {
      open: (tag, attribute) => {
        if (tag === 'cellXfs') inCells = true;
        else if (tag === 'numFmt' && codes.size < MOST_FORMATS)
          codes.set(Number(attribute('numFmtId')), (attribute('formatCode') ?? '').slice(0, LONGEST_FORMAT));
        else if (tag === 'xf' && inCells) {
          if (formats.length >= MOST_STYLES) throw damaged();
          formats.push(Number(attribute('numFmtId') ?? 0));
        }
      },
      close: (tag) => {
        if (tag === 'cellXfs') inCells = false;
      },
    });
  const byId = new Map<number, NumberFormat>();
  return formats.map((id) => {
    const format = byId.get(id) ?? numberFormat(id, codes.get(id));
    byId.set(id, format);
    return format;
  });
}

const oldForm = (): DomainError =>
  new DomainError('unsupported', 'workbook-old-format', msg('workbook-old-format'));
const tooManySheets = (): DomainError =>
  invalid('too-many-sheets', msg('too-many-sheets', { limit: TABLE_LIMITS.sheets }), []);
export const tooManyRows = (): DomainError =>
  new DomainError('too-large', 'too-many-rows', msg('too-many-rows', { limit: TABLE_LIMITS.rows }));
