import type { ImportReport, ImportRow, ImportSheet } from '../calls/imports.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import type { Translated } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { cellKey, type Draft } from './draft.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';
import { ProblemField } from './problem-field.js';
import { leaveOut, problemsOf } from './row-problems.js';

type Words = Translated<typeof importingWords.zh>;

/** Where a row is, as the spreadsheet program counts. */
export const placeText = ({ sheet, row, line }: ImportRow, words: Words): string =>
  typeof sheet === 'string' ? words.rowOfSheet(sheet, row ?? line) : words.row(row ?? line);

/** A row as it is in the file, with the problems of its cells and a field for each answer. */
export function RowCard({
  row,
  draft,
  report,
}: {
  readonly row: ImportRow;
  readonly draft: Draft;
  readonly report: ImportReport;
}) {
  const words = useWords(importingWords);
  const sheet = report.sheets?.find(({ name }) => name === (row.sheet ?? null));
  const problems = problemsOf(row, sheet?.columns ?? []);
  const skipKey = cellKey(row, 'row');
  const isSkipped = draft.answers[skipKey] !== undefined;
  const answered = problems.filter(({ key }) => draft.answers[key] !== undefined).map(({ key }) => key);
  return (
    <li className={isSkipped ? 'row-card is-skipped' : 'row-card'}>
      <header>
        <strong>{placeText(row, words)}</strong>
        <span>{row.mrn}</span>
        <Chip tone={row.result === 'rejected' ? 'late' : 'warning'}>{words.results[row.result]}</Chip>
        {row.row !== undefined && (
          <Button
            kind="quiet"
            onClick={() => importSession.answer(skipKey, isSkipped ? undefined : leaveOut(row))}
          >
            {isSkipped ? words.takeRow : words.skipRow}
          </Button>
        )}
      </header>
      {row.cells && sheet && (
        <Cells
          cells={row.cells}
          columns={sheet.columns}
          doubtful={problems.map(({ heading }) => heading ?? '')}
        />
      )}
      {isSkipped ? (
        <p className="quiet">{words.rowSkipped}</p>
      ) : (
        problems.map((problem) => (
          <ProblemField
            key={problem.key}
            problem={problem}
            draft={draft}
            report={report}
            isAnswered={answered.includes(problem.key)}
          />
        ))
      )}
    </li>
  );
}

/** The cells of the row under their headings; the doubtful ones are marked, and other blank ones left out. */
function Cells({
  cells,
  columns,
  doubtful,
}: {
  readonly cells: readonly string[];
  readonly columns: ImportSheet['columns'];
  readonly doubtful: readonly string[];
}) {
  return (
    <dl className="row-cells">
      {columns.map(({ index, heading }) => {
        const isDoubtful = doubtful.includes(heading);
        if (!isDoubtful && (cells[index] ?? '') === '') return null;
        return (
          <div key={index} className={isDoubtful ? 'is-doubtful' : undefined}>
            <dt>{heading}</dt>
            <dd>{cells[index]}</dd>
          </div>
        );
      })}
    </dl>
  );
}
