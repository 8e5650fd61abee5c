import { damaged } from './zip.js';

/** What a document contains, in its order. Names come without their namespace prefix. */
export interface XmlHandler {
  open?(name: string, attribute: (name: string) => string | undefined): void;
  close?(name: string): void;
  text?(text: string): void;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Decodes the bytes of a part: UTF-8, or UTF-16 with a byte order mark. */
export function xmlText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/**
 * Reads the XML of a workbook part. Refuses a document type declaration, so no entity other than the five of XML
 * exists and nothing expands.
 */
export function readXml(xml: string, handler: XmlHandler): void {
  let at = 0;
  for (;;) {
    const start = xml.indexOf('<', at);
    if (start === -1) return;
    if (start > at && handler.text) handler.text(unescaped(xml.slice(at, start)));
    at =
      xml.startsWith('<!', start) || xml.startsWith('<?', start)
        ? other(xml, start, handler)
        : tag(xml, start, handler);
  }
}

/** A comment, a processing instruction or a CDATA section; returns the position behind it. */
function other(xml: string, start: number, handler: XmlHandler): number {
  if (xml.startsWith('<!--', start)) return behind(xml, '-->', start);
  if (xml.startsWith('<?', start)) return behind(xml, '?>', start);
  if (!xml.startsWith('<![CDATA[', start)) throw damaged();
  const end = behind(xml, ']]>', start);
  handler.text?.(xml.slice(start + 9, end - 3));
  return end;
}

function behind(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  if (at === -1) throw damaged();
  return at + mark.length;
}

function tag(xml: string, start: number, handler: XmlHandler): number {
  const end = endOfTag(xml, start);
  if (xml[start + 1] === '/') {
    handler.close?.(localName(xml.slice(start + 2, end - 1).trim()));
    return end;
  }
  const closed = xml[end - 2] === '/';
  const inside = xml.slice(start + 1, end - (closed ? 2 : 1));
  const [written = ''] = /^[^\s/>]+/.exec(inside) ?? [];
  const name = localName(written);
  handler.open?.(name, (attribute) => attributeOf(inside, attribute));
  if (closed) handler.close?.(name);
  return end;
}

/** Longer than any tag of a workbook: the longest attribute is a text of a cell or a formula, of 32,767 characters. */
const LONGEST_TAG = 100_000;

/** Behind the `>` of the tag: one inside quotes is part of a value. */
function endOfTag(xml: string, start: number): number {
  let quote = '';
  const last = Math.min(xml.length, start + LONGEST_TAG);
  for (let at = start + 1; at < last; at++) {
    const character = xml.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '>') return at + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  throw damaged();
}

function attributeOf(inside: string, name: string): string | undefined {
  if (!inside.includes('=')) return undefined;
  for (const [, written = '', double, single] of inside.matchAll(
    /\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  ))
    if (localName(written) === name) return unescaped(double ?? single ?? '');
  return undefined;
}

const localName = (written: string): string => written.slice(written.indexOf(':') + 1);

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
