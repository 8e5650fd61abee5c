import { useQuery } from '@tanstack/react-query';
import { type ImportRun, importRunsQuery } from '../calls/imports.js';
import { useWords } from '../words/use-words.js';
import { importingWords } from './importing-words.js';

const LOOKED_AT_EVERY_MS = 700;

/** How far the server is with the file of this page. */
export function RunningImport({ work }: { readonly work: 'check' | 'import' }) {
  const words = useWords(importingWords);
  const { data } = useQuery({ ...importRunsQuery, refetchInterval: LOOKED_AT_EVERY_MS });
  const run = data?.items.find(({ state }) => state === 'running');
  return (
    <section className="import-card" role="status" aria-live="polite">
      <h2>{work === 'check' ? words.checking : words.importing}</h2>
      {run && <RunProgress run={run} />}
      {work === 'import' && <p className="quiet">{words.mayLeave}</p>}
    </section>
  );
}

/** The phase of a running import, and how much of it is done. */
export function RunProgress({ run: { phase, done, total } }: { readonly run: ImportRun }) {
  const words = useWords(importingWords);
  return (
    <p className="run-progress">
      <progress aria-label={words.phases[phase]} value={done} max={Math.max(total, 1)} />
      <span>
        {words.phases[phase]} {words.progress(done, total)}
      </span>
    </p>
  );
}
