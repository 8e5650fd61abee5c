import type { PlacedRow } from './layout.js';

const MOST = 3;
const LONGEST = 60;

/** The first different texts below a heading, by which a person recognises what the column contains. */
export function examplesOf(rows: readonly PlacedRow[], index: number): readonly string[] {
  const found = new Set<string>();
  for (const { kind, texts = [] } of rows) {
    const text = texts[index]?.trim() ?? '';
    if (kind === 'skipped' || text === '') continue;
    found.add(text.slice(0, LONGEST));
    if (found.size === MOST) break;
  }
  return [...found];
}
