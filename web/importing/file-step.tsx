import { type DragEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { type ImportKind, templateAddress } from '../calls/imports.js';
import { isRefused } from '../calls/problem.js';
import { Choices } from '../parts/choices.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import type { Draft } from './draft.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';

/** The file, dropped or chosen. It is checked at once; nothing is written. */
export function FileStep({ draft }: { readonly draft: Draft }) {
  const words = useWords(importingWords);
  return (
    <section className="import-card">
      <Choices
        label={words.kind}
        value={draft.kind}
        options={(['roster', 'events'] as const).map((kind) => ({ value: kind, text: words.kinds[kind] }))}
        onValue={(kind) => importSession.startOver(kind as ImportKind)}
      />
      <DropZone />
      {isRefused(draft.error, 'no-headings') ? (
        <Notice tone="late" title={words.noHeadings}>
          <p>{words.noHeadingsHelp}</p>
        </Notice>
      ) : (
        <Failure error={draft.error} />
      )}
      <p>
        <a href={templateAddress} download>
          {words.template}
        </a>{' '}
        <span className="quiet">{words.templateHelp}</span>
      </p>
    </section>
  );
}

function DropZone() {
  const words = useWords(importingWords);
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null): void => {
    const [file] = files ?? [];
    if (file) void importSession.choose(file);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <label
      className={isOver ? 'drop-zone is-over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        accept=".xlsx,.csv,.txt,.tsv,.xls"
        onChange={({ target }) => {
          take(target.files);
          target.value = ''; // the same file can be chosen again once it was corrected
        }}
      />
      <strong>{words.drop}</strong>
      <span className="quiet small">{words.dropHelp}</span>
    </label>
  );
}
