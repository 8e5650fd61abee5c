import { Button } from '../parts/button.js';
import { lineOf, lineText } from '../parts/json-lines.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { jsonFileWords } from './json-file-words.js';
import type { FieldError } from './problem.js';

/** What is wrong in a file: the line, the field, and the remedy in the words of the server. */
export function FileProblems({
  content,
  problems,
  onLine,
}: {
  readonly content: string;
  readonly problems: readonly FieldError[];
  readonly onLine: (line: number) => void;
}) {
  const words = useWords(jsonFileWords);
  const placed = problems
    .map((problem) => ({ ...problem, line: lineOf(content, problem.pointer) }))
    .sort((a, b) => a.line - b.line);
  return (
    <>
      <Notice tone="late" title={words.problems(problems.length)} />
      <table aria-label={words.problems(problems.length)}>
        <thead>
          <tr>
            <th scope="col">{words.line}</th>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.remedy}</th>
          </tr>
        </thead>
        <tbody>
          {placed.map(({ pointer, message, line }) => (
            <tr key={pointer + message}>
              <td>
                <Button aria-label={words.goToLine(line)} onClick={() => onLine(line)}>
                  {line}
                </Button>
              </td>
              <td>
                <code>{pointer}</code>
                <br />
                <code className="quiet small">{lineText(content, line).slice(0, 60)}</code>
              </td>
              <td>{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
