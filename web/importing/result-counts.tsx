import type { ImportReport } from '../calls/imports.js';
import { useWords } from '../words/use-words.js';
import { importingWords } from './importing-words.js';

const ORDER = [
  'created',
  'updated',
  'unchanged',
  'asked',
  'rejected',
  'again',
  'continuation',
  'skipped',
] as const;
const ALWAYS: readonly string[] = ['created'];
const NEEDS_PERSON: readonly string[] = ['asked', 'rejected'];

/** The rows of the file by what became of them. */
export function ResultCounts({ counts }: { readonly counts: ImportReport['counts'] }) {
  const words = useWords(importingWords);
  const shown = ORDER.filter((result) => ALWAYS.includes(result) || (counts[result] ?? 0) > 0);
  return (
    <dl className="result-counts" aria-label={words.summary}>
      {shown.map((result) => (
        <div key={result} className={NEEDS_PERSON.includes(result) ? 'needs-person' : undefined}>
          <dd>{counts[result] ?? 0}</dd>
          <dt>{words.results[result]}</dt>
        </div>
      ))}
    </dl>
  );
}
