import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useRef } from 'react';
import { Failure } from '../calls/failure.js';
import {
  guidelineQuery,
  type GuidelineSummary,
  nameOf,
  type StoredFile,
  storeGuideline,
} from '../calls/guidelines.js';
import { type FieldError, Refused } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { SelectField, TextArea, TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useToasts } from '../parts/toasts.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useDraft } from './draft.js';
import { FileProblems } from './file-problems.js';
import { fileWords } from './file-words.js';
import { lineStart, readJson } from './json-lines.js';

/** A protocol as text: chosen as a file, or copied from a guideline, corrected here, and stored. */
export function FileEditor({ guidelines }: { readonly guidelines: readonly GuidelineSummary[] }) {
  const words = useWords(fileWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [content, setContent] = useDraft('protocol', () => '');
  const box = useRef<HTMLDivElement>(null);
  const read = content.trim() === '' ? undefined : readJson(content);
  const storing = useMutation({
    mutationFn: storeGuideline,
    onSuccess: (stored) => {
      toasts.show({ text: words.done(nameOf(stored)) });
      void queries.invalidateQueries({ queryKey: ['guidelines'] });
    },
  });
  const problems = problemsOf(storing.error);
  const edit = (text: string): void => {
    storing.reset();
    setContent(text);
  };
  const copy = async (name: string): Promise<void> => {
    if (name === '') return;
    const guideline = await queries.query({ ...guidelineQuery(name), staleTime: 'static' });
    edit(`${JSON.stringify({ ...guideline, id: `own-${guideline.id}`, version: '1.0.0' }, null, 2)}\n`);
  };
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const [file] = input.files ?? [];
    input.value = ''; // the same file can be chosen again once it is corrected
    if (file) edit(await file.text());
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
    if (read && 'value' in read) storing.mutate(read.value);
  };
  return (
    <section ref={box}>
      <h2>{words.newVersion}</h2>
      <form onSubmit={submit}>
        <div className="file-sources">
          <TextField
            label={words.choose}
            type="file"
            accept=".json,application/json"
            onInput={({ currentTarget }) => void choose(currentTarget)}
            onValue={() => undefined}
          />
          <SelectField
            label={words.startFrom}
            value=""
            options={[
              { value: '', text: words.startNothing },
              ...guidelines.map((one) => ({
                value: nameOf(one),
                text: `${one.title[language]} ${one.version}`,
              })),
            ]}
            onValue={(name) => void copy(name)}
          />
        </div>
        <TextArea
          label={words.content}
          help={words.contentHelp}
          spellCheck={false}
          value={content}
          onValue={edit}
        />
        {read && 'fault' in read && (
          <Notice tone="late" title={words.syntax(read.fault.line)}>
            <p>
              <code>{read.fault.text}</code>{' '}
              <Button onClick={() => goToLine(read.fault.line)}>{words.goToLine(read.fault.line)}</Button>
            </p>
          </Notice>
        )}
        <p>
          <Button
            kind="main"
            type="submit"
            busy={storing.isPending}
            disabled={read === undefined || 'fault' in read}
          >
            {words.store}
          </Button>
        </p>
      </form>
      {problems.length > 0 ? (
        <FileProblems {...{ content, problems }} onLine={goToLine} />
      ) : (
        <Failure error={storing.error} />
      )}
      {storing.data && <StoredNotice stored={storing.data} />}
    </section>
  );
}

function StoredNotice({ stored }: { readonly stored: StoredFile }) {
  const words = useWords(fileWords);
  return (
    <Notice tone="done" title={words.done(nameOf(stored))}>
      {stored.noLongerAskedFor.length > 0 && <p>{words.noLonger(stored.noLongerAskedFor.join(', '))}</p>}
    </Notice>
  );
}

/** The problems that lie in a place of the file. */
const problemsOf = (error: unknown): readonly FieldError[] =>
  error instanceof Refused ? (error.problem.errors ?? []) : [];
