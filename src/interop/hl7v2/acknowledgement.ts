import type { Delimiters, Segment } from './er7.js';

/** HL7 table 0008: accepted, error in the content, rejected; and the commit level of the enhanced mode. */
export type AcknowledgementCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

export interface Acknowledgement {
  readonly code: AcknowledgementCode;
  /** Of the acknowledgement itself: MSH-10. */
  readonly controlId: string;
  /** `YYYYMMDDHHMMSS+ZZZZ`. */
  readonly time: string;
  /** For the person who reads the sender's log; none where all is well. */
  readonly text?: string;
  /** HL7 table 0357, such as 101 "required field missing", with where it is: `PID^1^3`. */
  readonly error?: { readonly code: string; readonly location?: string };
}

/**
 * The answer to the message with this header, in its delimiters, sender and receiver exchanged (HL7 v2 chapter 2,
 * MSA and ERR). Without a readable header the answer has the usual delimiters and no MSA-2.
 */
export function acknowledge(header: Segment | undefined, answer: Acknowledgement): string {
  const field = header?.raw(1) ?? '|';
  const encoding = header?.raw(2) ?? '^~\\&';
  const [component = '^', repetition = '~', escape, subcomponent] = encoding;
  const clean = (text: string): string =>
    withEscapes(text, { field, component, repetition, escape, subcomponent });
  const of = (number: number): string => header?.raw(number) ?? '';
  const trigger = header?.first(9)?.text(2);
  const type = ['ACK', ...(trigger === undefined ? [] : [trigger, 'ACK'])].join(component);
  const msh = ['MSH', encoding, of(5), of(6), of(3), of(4), answer.time, '', type, answer.controlId];
  msh.push(of(11) || 'P', of(12) || '2.4', '', '', '', '', of(17), of(18));
  const text = answer.text === undefined ? '' : clean(answer.text);
  const segments = [msh, ['MSA', answer.code, of(10), text]];
  if (answer.error) segments.push(errorSegment(of(12), answer.error, { component, text }));
  return segments.map((fields) => `${withoutEmptyEnd(fields).join(field)}\r`).join('');
}

/** ERR changed in v2.5: before it, one field of location and code; since then a field each. */
function errorSegment(
  version: string,
  { code, location = '' }: { readonly code: string; readonly location?: string },
  { component, text }: { readonly component: string; readonly text: string },
): string[] {
  const place = location.split('^').join(component);
  if (version < '2.5') return ['ERR', [...place.split(component), '', '', code].slice(0, 4).join(component)];
  return ['ERR', '', place, code, 'E', '', '', '', text];
}

const withoutEmptyEnd = (fields: readonly string[]): readonly string[] =>
  fields.slice(0, fields.findLastIndex((one) => one !== '') + 1);

function withEscapes(
  text: string,
  { field, component, repetition, escape, subcomponent }: Delimiters,
): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  if (escape === undefined) return line;
  const letters = new Map([
    [escape, 'E'],
    [field, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    ...(subcomponent === undefined ? [] : [[subcomponent, 'T'] as const]),
  ]);
  return [...line].map((one) => (letters.has(one) ? `${escape}${letters.get(one)}${escape}` : one)).join('');
}
