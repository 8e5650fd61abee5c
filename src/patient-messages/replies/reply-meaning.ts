/** What a reply asks for. */
export const MEANINGS = ['confirm', 'call', 'opt_out', 'other'] as const;
export type Meaning = (typeof MEANINGS)[number];

/** Vendors and the law on text messages name TD and 退订; patients also write the others. */
const OPT_OUT = ['TD', 'T', 'N', '退订', '拒收', '取消订阅', '不要再发', 'STOP', 'UNSUBSCRIBE', '0000'];

/**
 * Reads a reply. Only a reply that says nothing else counts: a text such as "1号来不了" is left to the nurse.
 */
export function meaningOf(text: string): Meaning {
  const word = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{P}\p{S}]/gu, '')
    .replace(/^(?:回复|回|REPLY)(?=.)/u, '');
  if (word === '1') return 'confirm';
  if (word === '2') return 'call';
  return OPT_OUT.includes(word) ? 'opt_out' : 'other';
}
