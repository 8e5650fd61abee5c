import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of these files, each packed. */
export function zipped(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes, { level: 1 });
    const header = Buffer.alloc(26);
    for (const [at, value] of [
      [0, 20],
      [4, 8],
    ] as const)
      header.writeUInt16LE(value, at);
    header.writeUInt32LE(crc32(bytes), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(bytes.length, 18);
    header.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), header, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), header, rest, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, listed, Buffer.from('PK\u0005\u0006'), end]);
}

export interface TestSheet {
  readonly name: string;
  readonly state?: string;
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly merges?: readonly string[];
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const reference = (column: number, row: number): string => `${String.fromCharCode(65 + column)}${row + 1}`;

/** A workbook with texts in the cells themselves and prefixed names, as some programs write it. */
export function workbook(sheets: readonly TestSheet[]): Buffer {
  const content = sheets.map(({ rows, merges = [] }) => {
    const cells = rows.map((row, at) => {
      const written = row.map((value, column) => {
        if (value === null) return '';
        if (typeof value === 'number') return `<x:c r="${reference(column, at)}"><x:v>${value}</x:v></x:c>`;
        return `<x:c r="${reference(column, at)}" t="inlineStr"><x:is><x:t xml:space="preserve">${escaped(value)}</x:t></x:is></x:c>`;
      });
      return `<x:row r="${at + 1}">${written.join('')}</x:row>`;
    });
    const merged = merges.map((ref) => `<x:mergeCell ref="${ref}"/>`).join('');
    return `<?xml version="1.0"?><x:worksheet xmlns:x="${MAIN}"><x:sheetData>${cells.join('')}</x:sheetData><x:mergeCells>${merged}</x:mergeCells></x:worksheet>`;
  });
  const entries = sheets.map(
    ({ name, state = 'visible' }, at) =>
      `<x:sheet name="${escaped(name)}" sheetId="${at + 1}" state="${state}" r:id="rId${at + 1}"/>`,
  );
  const relations = sheets.map(
    (_, at) =>
      `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  return zipped({
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<x:workbook xmlns:x="${MAIN}" xmlns:r="${RELATIONS}"><x:sheets>${entries.join('')}</x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${relations.join('')}</Relationships>`,
    ...Object.fromEntries(content.map((xml, at) => [`xl/worksheets/sheet${at + 1}.xml`, xml])),
  });
}
