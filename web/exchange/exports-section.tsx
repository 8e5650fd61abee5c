import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type BulkExport, endExport, exportsKey, exportsQuery } from '../calls/bulk-exports.js';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip, type Tone } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Progress } from '../parts/progress.js';
import { SectionHead } from '../parts/section-page.js';
import { useJoined } from '../words/lists.js';
import { useWords } from '../words/use-words.js';
import { ExportDialog } from './export-dialog.js';
import { EXPORT_TYPES } from './export-types.js';
import { exportWords } from './export-words.js';
import './exchange.css';

const TONES: Readonly<Record<BulkExport['state'], Tone>> = {
  ...{ running: 'active', finished: 'done', failed: 'late' },
};

/** Exports of all patients: begun here or by machines, followed, fetched and deleted. */
export default function ExportsSection() {
  const words = useWords(exportWords);
  const mayBegin = useMe().roles.includes('integration');
  const { data, error, refetch } = useQuery(exportsQuery);
  const [isNew, setIsNew] = useState(false);
  const [ending, setEnding] = useState<BulkExport>();
  useCommands(
    mayBegin
      ? [
          {
            ...{ id: 'new-export', title: words.begin, group: words.title, keys: ['n'] },
            run: () => setIsNew(true),
          },
        ]
      : [],
  );
  return (
    <>
      <SectionHead title={words.title} intro={words.intro}>
        {mayBegin ? (
          <Button kind="main" hint="n" onClick={() => setIsNew(true)}>
            {words.begin}
          </Button>
        ) : (
          <span className="quiet small">{words.onlyIntegration}</span>
        )}
      </SectionHead>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {data?.items.length === 0 && <EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      {data !== undefined && data.items.length > 0 && (
        <DataTable
          label={words.title}
          head={[words.startedAt, words.by, words.content, words.state, words.files, '']}
        >
          {data.items.map((one) => (
            <ExportRow key={one.id} one={one} onEnd={() => setEnding(one)} />
          ))}
        </DataTable>
      )}
      {isNew && <ExportDialog onClose={() => setIsNew(false)} />}
      {ending && <EndDialog id={ending.id} onClose={() => setEnding(undefined)} />}
    </>
  );
}

function ExportRow({ one, onEnd }: { readonly one: BulkExport; readonly onEnd: () => void }) {
  const words = useWords(exportWords);
  const instant = useInstant();
  const joined = useJoined();
  const { state, startedAt, startedBy, isOwn, types, since, keptUntil, patients, donePatients } = one;
  const isRunning = state === 'running';
  return (
    <tr>
      <th scope="row">{instant(startedAt)}</th>
      <td>
        {startedBy} {isOwn && <span className="quiet small">{words.own}</span>}
      </td>
      <td className="small">
        {types.length === EXPORT_TYPES.length ? words.all : joined(types)}
        {since !== null && <div className="quiet">{words.changedSince(instant(since))}</div>}
      </td>
      <td>
        {isRunning ? (
          <Progress
            text={words.progress(donePatients, patients)}
            done={donePatients}
            total={Math.max(patients, 1)}
          />
        ) : (
          <>
            <Chip tone={TONES[state]}>{words.states[state]}</Chip>
            {keptUntil !== null && <div className="quiet small">{words.keptUntil(instant(keptUntil))}</div>}
          </>
        )}
      </td>
      <td className="small">
        <Files one={one} />
      </td>
      <td>
        <Button aria-label={`${isRunning ? words.stop : words.remove} ${instant(startedAt)}`} onClick={onEnd}>
          {isRunning ? words.stop : words.remove}
        </Button>
      </td>
    </tr>
  );
}

function Files({ one: { state, isOwn, isOutdated, files } }: { readonly one: BulkExport }) {
  const words = useWords(exportWords);
  if (state !== 'finished') return null;
  if (isOutdated) return <span className="quiet">{words.outdated}</span>;
  if (!isOwn) return <span className="quiet">{words.otherFiles}</span>;
  if (files.length === 0) return <span className="quiet">{words.noFiles}</span>;
  return (
    <ul>
      {files.map(({ type, resources, address }) => (
        <li key={type}>
          <a href={address} download={`${type}.ndjson`}>
            {type}
          </a>{' '}
          <span className="quiet">{words.resources(resources)}</span>
        </li>
      ))}
    </ul>
  );
}

function EndDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords(exportWords);
  const ending = useChange(() => endExport(id), {
    ...{ reads: [exportsKey], done: words.removed, onDone: onClose },
  });
  return (
    <FormDialog
      title={words.removeTitle}
      closeLabel={words.cancel}
      submitText={words.remove}
      isRisky
      error={ending.error}
      isSending={ending.isPending}
      onClose={onClose}
      onSubmit={() => ending.mutate(undefined)}
    >
      <p>{words.removeHelp}</p>
    </FormDialog>
  );
}
