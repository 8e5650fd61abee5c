import { type ReactNode, type SyntheticEvent, useEffect, useRef } from 'react';
import { Button } from '../parts/button.js';
import { TextArea, TextField } from '../parts/field.js';
import { lineStart, readJson } from '../parts/json-lines.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { Failure } from './failure.js';
import { FileProblems } from './file-problems.js';
import { jsonFileWords } from './json-file-words.js';
import { type FieldError, Refused } from './problem.js';
import './json-file-form.css';

/**
 * A JSON file as text: chosen from the disk or typed, corrected here, and sent. What the server refuses stands beside it
 * with the line.
 */
export function JsonFileForm({
  label,
  content,
  error,
  submitText,
  isSending,
  sources,
  acts,
  onContent,
  onSubmit,
}: {
  readonly label: string;
  readonly content: string;
  readonly error: unknown;
  readonly submitText: string;
  readonly isSending: boolean;
  /** Where else the content can come from. */
  readonly sources?: ReactNode;
  /** Further buttons, for a file that is valid JSON. */
  readonly acts?: (value: unknown) => ReactNode;
  readonly onContent: (content: string) => void;
  readonly onSubmit: (value: unknown) => void;
}) {
  const words = useWords(jsonFileWords);
  const box = useRef<HTMLDivElement>(null);
  const read = content.trim() === '' ? undefined : readJson(content);
  const problems = problemsOf(error);
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) answer.current?.scrollIntoView({ block: 'nearest' }); // the text above fills the screen
  }, [error]);
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const [file] = input.files ?? [];
    input.value = ''; // the same file can be chosen again once it is corrected
    if (file) onContent(await file.text());
  };
  const goToLine = (line: number): void => {
    const area = box.current?.querySelector('textarea');
    const { from, to } = lineStart(content, line);
    area?.focus();
    area?.setSelectionRange(from, to);
    if (area) area.scrollTop = (area.scrollHeight / content.split('\n').length) * Math.max(0, line - 4);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (read && 'value' in read) onSubmit(read.value);
  };
  return (
    <div ref={box} className="json-file">
      <form onSubmit={submit}>
        <div className="json-file-sources">
          <TextField
            label={words.choose}
            type="file"
            accept=".json,application/json"
            onInput={({ currentTarget }) => void choose(currentTarget)}
            onValue={() => undefined}
          />
          {sources}
        </div>
        <TextArea
          label={label}
          help={words.contentHelp}
          spellCheck={false}
          value={content}
          onValue={onContent}
        />
        {read && 'fault' in read && (
          <Notice tone="late" title={words.syntax(read.fault.line)}>
            <p>
              <code>{read.fault.text}</code>{' '}
              <Button onClick={() => goToLine(read.fault.line)}>{words.goToLine(read.fault.line)}</Button>
            </p>
          </Notice>
        )}
        <p className="json-file-acts">
          <Button kind="main" type="submit" busy={isSending} disabled={read === undefined || 'fault' in read}>
            {submitText}
          </Button>
          {acts && read && 'value' in read && acts(read.value)}
        </p>
      </form>
      <div ref={answer}>
        {problems.length > 0 ? (
          <FileProblems {...{ content, problems }} onLine={goToLine} />
        ) : (
          <Failure error={error} />
        )}
      </div>
    </div>
  );
}

/** The problems that lie in a place of the file. */
const problemsOf = (error: unknown): readonly FieldError[] =>
  error instanceof Refused ? (error.problem.errors ?? []) : [];
