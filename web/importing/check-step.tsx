import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import type { ImportReport, ImportRow } from '../calls/imports.js';
import { isRefused } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { ChosenFile } from './chosen-file.js';
import type { Draft } from './draft.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';
import { ResultCounts } from './result-counts.js';
import { placeText, RowCard } from './row-card.js';
import { sortedRows } from './row-problems.js';

const SHOWN_AT_ONCE = 30;

/** Every row that needs a person, with its cells and a field for the answer; then the import. */
export function CheckStep({ draft, report }: { readonly draft: Draft; readonly report: ImportReport }) {
  const words = useWords(importingWords);
  const { open, warned, others } = sortedRows(report);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const more = Math.min(SHOWN_AT_ONCE, open.length - shown);
  return (
    <section className="import-card">
      <ChosenFile draft={draft} />
      <ResultCounts counts={report.counts} />
      <p className="quiet">{words.nothingWritten}</p>
      {!isRefused(draft.error, 'rows-rejected') && <Failure error={draft.error} />}
      {open.length > 0 ? (
        <>
          <h2>{words.needPerson(open.length)}</h2>
          <ul className="row-cards">
            {open.slice(0, shown).map((row) => (
              <RowCard key={`${row.sheet ?? ''} ${row.line}`} row={row} draft={draft} report={report} />
            ))}
          </ul>
          {more > 0 && <Button onClick={() => setShown(shown + more)}>{words.more(more)}</Button>}
        </>
      ) : (
        <Notice tone="done" title={words.noneNeedsPerson} />
      )}
      <Remarks title={words.warned(warned.length)} rows={warned} />
      <Remarks title={words.others(others.length)} rows={others} />
      <ImportActions draft={draft} report={report} openRows={open.length} />
    </section>
  );
}

/** Rows that need no answer, and what the check says about them. */
function Remarks({ title, rows }: { readonly title: string; readonly rows: readonly ImportRow[] }) {
  const words = useWords(importingWords);
  if (rows.length === 0) return null;
  return (
    <details className="row-remarks">
      <summary>{title}</summary>
      <ul>
        {rows.slice(0, 200).map((row) => (
          <li key={`${row.sheet ?? ''} ${row.line}`}>
            <span className="quiet">{placeText(row, words)}</span> {row.mrn}{' '}
            {[row.remark, ...(row.warnings ?? []).map(({ message }) => message)].filter(Boolean).join(' ')}
          </li>
        ))}
      </ul>
    </details>
  );
}

function ImportActions({
  draft,
  report: { counts, kind },
  openRows,
}: {
  readonly draft: Draft;
  readonly report: ImportReport;
  readonly openRows: number;
}) {
  const words = useWords(importingWords);
  const ready = counts.created + counts.updated + counts.unchanged;
  const hasNews = counts.created + counts.updated > 0 || kind === 'events';
  if (draft.isChanged)
    return (
      <div className="import-actions is-sticky">
        <Button kind="main" onClick={() => void importSession.check()}>
          {words.recheck}
        </Button>
        <span>{words.changed}</span>
      </div>
    );
  if (openRows > 0)
    return (
      <div className="import-actions is-sticky">
        {ready > 0 && (
          <Button onClick={() => void importSession.commit(true)}>{words.commitGood(ready)}</Button>
        )}
        <span className="quiet">{ready > 0 ? words.commitGoodHelp : words.nothingReady}</span>
      </div>
    );
  return (
    <div className="import-actions is-sticky">
      <Button kind="main" disabled={ready === 0} onClick={() => void importSession.commit(false)}>
        {kind === 'events' ? words.commitEvents(ready) : words.commit(ready)}
      </Button>
      {!hasNews && <span className="quiet">{words.nothingNew}</span>}
    </div>
  );
}
