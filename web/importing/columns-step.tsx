import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import {
  type ImportColumn,
  type ImportField,
  importFieldsQuery,
  type ImportSheet,
} from '../calls/imports.js';
import { isRefused, Refused } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { Notice } from '../parts/notice.js';
import { type Language, useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { ChosenFile } from './chosen-file.js';
import type { Draft, Mapping } from './draft.js';
import { fieldChoices, titleOfField } from './field-choices.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';

/** What each column of the file means, as the program understood it or as a person decides. */
export function ColumnsStep({ draft }: { readonly draft: Draft }) {
  const words = useWords(importingWords);
  const { data, error } = useQuery(importFieldsQuery(draft.kind));
  const sheets = draft.sheets ?? [];
  return (
    <section className="import-card">
      <ChosenFile draft={draft} />
      <p>{words.columnsIntro}</p>
      <ColumnProblems error={draft.error} fields={data?.items ?? []} />
      <Failure error={error} />
      {sheets.map((sheet) => (
        <SheetColumns
          key={sheet.name}
          sheet={sheet}
          fields={data?.items ?? []}
          mapping={draft.mapping}
          isNamed={sheets.length > 1}
        />
      ))}
      <div className="import-actions">
        <Button kind="main" onClick={() => void importSession.check()}>
          {words.checkRows}
        </Button>
      </div>
    </section>
  );
}

/** Which field has no column, or two that differ. */
function ColumnProblems({
  error,
  fields,
}: {
  readonly error: unknown;
  readonly fields: readonly ImportField[];
}) {
  const words = useWords(importingWords);
  const language = useLanguage();
  if (!isRefused(error, 'wrong-columns') || !(error instanceof Refused)) return <Failure error={error} />;
  const problems = error.problem.errors ?? [];
  return (
    <Notice tone="late">
      {problems.map(({ pointer, code }) => {
        const title = titleOfField(fields, pointer.replace('/header/', ''), language);
        return <p key={pointer}>{code === 'column-twice' ? words.twice(title) : words.missing(title)}</p>;
      })}
    </Notice>
  );
}

function SheetColumns({
  sheet,
  fields,
  mapping,
  isNamed,
}: {
  readonly sheet: ImportSheet;
  readonly fields: readonly ImportField[];
  readonly mapping: Mapping;
  readonly isNamed: boolean;
}) {
  const words = useWords(importingWords);
  const name = sheet.name !== null && isNamed ? words.sheet(sheet.name) : '';
  const about = sheet.why ? words.skippedSheets[sheet.why] : words.headerRow(sheet.headerRow ?? 1);
  if (sheet.state === 'skipped')
    return (
      <p className="quiet">
        {name} {about}
      </p>
    );
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={name === '' ? about : name}>
      <table className="plain-table columns-table">
        <caption>
          {name} <span className="quiet">{about}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">{words.column}</th>
            <th scope="col">{words.heading}</th>
            <th scope="col">{words.examples}</th>
            <th scope="col">{words.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {sheet.columns.map((column) => (
            <ColumnRow key={column.index} column={column} fields={fields} mapping={mapping} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const NOT_READ = '-';
const UNDECIDED = '';

function ColumnRow({
  column: { column, heading, examples, field, by },
  fields,
  mapping,
}: {
  readonly column: ImportColumn;
  readonly fields: readonly ImportField[];
  readonly mapping: Mapping;
}) {
  const words = useWords(importingWords);
  const language: Language = useLanguage();
  const decided = mapping[heading];
  const meaning = decided === undefined ? field : decided;
  const isUndecided = by === 'unknown' && decided === undefined;
  const value = meaning ?? (isUndecided ? UNDECIDED : NOT_READ);
  return (
    <tr className={isUndecided ? 'is-undecided' : undefined}>
      <td className="quiet">{column}</td>
      <th scope="row">{heading}</th>
      <td className="column-examples">
        {examples.length === 0 ? <span className="quiet">{words.noExamples}</span> : examples.join('　')}
      </td>
      <td>
        <select
          aria-label={`${words.meaning}: ${heading}`}
          value={value}
          onChange={({ target }) =>
            importSession.mean(heading, target.value === NOT_READ ? null : target.value)
          }
        >
          {isUndecided && <option value={UNDECIDED}>{words.chooseMeaning}</option>}
          <option value={NOT_READ}>{words.notRead}</option>
          {fieldChoices(fields, meaning, language).map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
        {isUndecided && <Chip tone="warning">{words.unknown}</Chip>}
        {by === 'remembered' && decided === undefined && <Chip>{words.remembered}</Chip>}
      </td>
    </tr>
  );
}
