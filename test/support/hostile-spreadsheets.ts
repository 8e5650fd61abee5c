import { workbook, zipped } from './workbook.js';

/** A file, and the code of its refusal. */
export type Hostile = readonly [name: string, file: () => Buffer | string, code: string];

const HEADINGS =
  '<row r="1"><c t="inlineStr"><is><t>住院号</t></is></c><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>性别</t></is></c></row>';

/** A workbook with this XML in its one sheet, and further parts. */
function withSheet(rows: string | Buffer, parts: Readonly<Record<string, string | Buffer>> = {}): Buffer {
  const sheet = Buffer.concat([
    Buffer.from('<worksheet><sheetData>'),
    Buffer.from(rows as string),
    Buffer.from('</sheetData></worksheet>'),
  ]);
  return zipped({
    'xl/workbook.xml': '<workbook><sheets><sheet name="a" sheetId="1" id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="strings.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>',
    'xl/sheet1.xml': sheet,
    ...parts,
  });
}

const UNPACKED = 19_900_000;
const filled = (piece: string, bytes = UNPACKED): Buffer =>
  Buffer.alloc(bytes - (bytes % piece.length), piece);

/** One part that a hundred sheets name. */
function sameSheetOftenNamed(): Buffer {
  const names = Array.from({ length: 100 }, (_, n) => `<sheet name="s${n}" sheetId="${n}" id="r1"/>`);
  return withSheet(filled('<row/>', 900_000), {
    'xl/workbook.xml': `<workbook><sheets>${names.join('')}</sheets></workbook>`,
  });
}

/** The sizes of the only file stand in a ZIP64 extension; the directory says that they do. */
function zip64(): Buffer {
  const file = Buffer.from(withSheet(filled('<row/>', 1_000_000)));
  const entry = file.lastIndexOf(Buffer.from('PK\u0001\u0002'));
  file.writeUInt32LE(0xffffffff, entry + 20);
  file.writeUInt32LE(0xffffffff, entry + 24);
  return file;
}

const wide = (rows: number, columns: number, cell: string): string =>
  `住院号,姓名,性别\n${`${Array.from({ length: columns }, () => cell).join(',')}\n`.repeat(rows)}`;

/** Files that are small to send and large to read. Each must be refused quickly and in little memory. */
export const HOSTILE_SPREADSHEETS: readonly Hostile[] = [
  ['75 MB of empty rows', () => withSheet(filled('<row/>', 75_000_000)), 'workbook-too-large'],
  [
    '1,048,576 formatted empty rows',
    () => withSheet(filled('<row r="1" spans="1:9" s="1"/>', 31_457_280)),
    'workbook-too-large',
  ],
  ['20 MB of empty rows', () => withSheet(filled('<row/>')), 'not-a-workbook'],
  ['one part that a hundred sheets name', sameSheetOftenNamed, 'workbook-too-large'],
  ['a million short cells', () => withSheet(filled('<row><c><v>1</v></c></row>')), 'too-many-rows'],
  [
    'rows of 512 short cells',
    () => withSheet(HEADINGS + `<row>${'<c><v>1</v></c>'.repeat(512)}</row>`.repeat(2500)),
    'too-many-cells',
  ],
  [
    'one cell in column 512 of each row',
    () => withSheet(HEADINGS + '<row><c r="SR1"><v>1</v></c></row>'.repeat(9000)),
    'too-many-cells',
  ],
  [
    'a column far beyond the last',
    () => withSheet(`${HEADINGS}<row><c r="${'Z'.repeat(50_000)}1"><v>1</v></c></row>`),
    'too-many-columns',
  ],
  [
    'a row far beyond the last',
    () => withSheet('<row r="999999999999"><c><v>1</v></c></row>'),
    'not-a-workbook',
  ],
  [
    'a million shared texts',
    () => withSheet(HEADINGS, { 'xl/strings.xml': filled('<si><t>a</t></si>') }),
    'not-a-workbook',
  ],
  [
    'one text of 10 MB in each cell',
    () =>
      withSheet(HEADINGS + `<row>${'<c t="s"><v>0</v></c>'.repeat(500)}</row>`.repeat(500), {
        'xl/strings.xml': `<sst><si><t>${'长'.repeat(3_000_000)}</t></si></sst>`,
      }),
    'too-many-cells',
  ],
  [
    'a million styles',
    () =>
      withSheet('<row/>', { 'xl/styles.xml': Buffer.concat([Buffer.from('<cellXfs>'), filled('<xf/>')]) }),
    'not-a-workbook',
  ],
  [
    'formats that take long to understand',
    () =>
      withSheet('<row/>', {
        'xl/styles.xml':
          Array.from(
            { length: 60_000 },
            (_, n) => `<numFmt numFmtId="${n}" formatCode="${'['.repeat(250)}"/>`,
          ).join('') +
          `<cellXfs>${Array.from({ length: 60_000 }, (_, n) => `<xf numFmtId="${n}"/>`).join('')}`,
      }),
    'no-headings',
  ],
  ['20 MB of nested elements', () => withSheet(filled('<a>')), 'no-headings'],
  [
    'a tag of 20 MB',
    () => withSheet(Buffer.concat([Buffer.from('<row '), filled('a="b" ')])),
    'not-a-workbook',
  ],
  [
    '100,000 relations',
    () =>
      withSheet('', { 'xl/_rels/workbook.xml.rels': filled('<Relationship Id="a" Target="b"/>', 4_000_000) }),
    'not-a-workbook',
  ],
  [
    '100,000 sheets',
    () => withSheet('', { 'xl/workbook.xml': filled('<sheet name="a" id="r1"/>', 2_500_000) }),
    'too-many-sheets',
  ],
  [
    'entities that expand',
    () =>
      withSheet('', {
        'xl/workbook.xml': `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><workbook>&c;</workbook>`,
      }),
    'not-a-workbook',
  ],
  ['sizes in a ZIP64 extension', zip64, 'workbook-too-large'],
  [
    'blocks of merged cells over each other',
    () =>
      Buffer.concat([
        withSheet(
          HEADINGS +
            Array.from({ length: 4000 }, (_, n) => `<row r="${n + 2}"><c><v>1</v></c></row>`).join('') +
            '<mergeCell ref="A1:A5000"/>'.repeat(90_000),
        ),
      ]),
    'too-many-cells',
  ],
  [
    'a hundred sheets of texts that are no headings',
    () =>
      workbook(
        Array.from({ length: 60 }, (_, n) => ({
          name: `s${n}`,
          rows: Array.from({ length: 40 }, (_one, row) =>
            Array.from({ length: 26 }, (_two, column) => `((${n}x${row}y${column}[`),
          ),
        })),
      ),
    'no-headings',
  ],
  ['a line of 5 MB', () => 'a'.repeat(4_900_000), 'not-csv'],
  ['a line of 20 MB', () => 'a'.repeat(19_900_000), 'spreadsheet-too-large'],
  ['5 MB of separators', () => `住院号,姓名,性别\n${','.repeat(4_900_000)}`, 'too-many-columns'],
  [
    '5 MB of separators between line ends',
    () => `住院号,姓名,性别\n${`"\n"${','.repeat(10_000)}`.repeat(480)}`,
    'too-many-columns',
  ],
  ['5 MB of short cells', () => wide(4800, 510, '1'), 'too-many-cells'],
  ['5 MB of line ends', () => `住院号,姓名,性别\n${'\n'.repeat(4_900_000)}`, 'too-many-rows'],
  [
    'lines that are no text',
    () => Buffer.concat([Buffer.from('住院号,姓名,性别\n'), filled('\xff\n', 4_000_000)]),
    'unknown-encoding',
  ],
];
