import type { ReactNode } from 'react';
import { type ImportReport, rejectedRowsAddress } from '../calls/imports.js';
import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';
import { ResultCounts } from './result-counts.js';

/** What was written, what was not, and where to go. */
export function DoneStep({
  report: { counts, plan, id },
  children,
}: {
  readonly report: ImportReport;
  readonly children: ReactNode;
}) {
  const words = useWords(importingWords);
  const left = counts.rejected + (counts.asked ?? 0);
  return (
    <section className="import-card">
      <Notice tone="done" title={words.imported}>
        <p>{words.plan(plan.added)}</p>
      </Notice>
      <ResultCounts counts={counts} />
      {left > 0 && id !== null && (
        <Notice tone="warning" title={words.rejected(left)}>
          <p>
            <a href={rejectedRowsAddress(id)} download>
              {words.rejectedFile}
            </a>
          </p>
          <p>{words.rejectedHelp}</p>
        </Notice>
      )}
      <div className="import-actions">
        {children}
        <Button onClick={() => importSession.startOver()}>{words.again}</Button>
      </div>
    </section>
  );
}
