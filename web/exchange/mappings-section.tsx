import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useInstant } from '../calls/instants.js';
import {
  mappingAddress,
  type MappingName,
  type Mappings,
  mappingsKey,
  mappingsQuery,
  readMapping,
  selectMapping,
  type StoredMapping,
  type Tried,
} from '../calls/mappings.js';
import { useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { MappingEditor } from './mapping-editor.js';
import { MappingTrial } from './mapping-trial.js';
import { mappingWords } from './mapping-words.js';
import './exchange.css';

const nameOf = ({ id, version }: MappingName): string => `${id}@${version}`;
const BUILT_IN = 'built-in';

/** What is tried. Each trial has a `key` of its own. */
interface Trial {
  readonly key: number;
  readonly name: string;
  readonly tried: Tried;
}

/** What the codes of the hospital's systems mean: the version in force, stored ones, and a new one. */
export default function MappingsSection() {
  const words = useWords(mappingWords);
  const { roles } = useMe();
  const maySelect = roles.includes('hospital_admin');
  const mayStore = maySelect || roles.includes('integration');
  const { data, error, refetch } = useQuery(mappingsQuery);
  const [selecting, setSelecting] = useState<MappingName>();
  const [trial, setTrial] = useState<Trial>();
  const [content, setContent] = useState('');
  const start = (name: string, tried: Tried): void => setTrial({ key: (trial?.key ?? 0) + 1, name, tried });
  const edit = async (name: MappingName): Promise<void> =>
    setContent(`${JSON.stringify(await readMapping(name), null, 2)}\n`);
  return (
    <>
      <SectionHead title={words.title} intro={words.intro} />
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {data && (
        <>
          <InForce mappings={data} onSelect={maySelect ? setSelecting : undefined} />
          <SectionPart title={words.versions}>
            {data.items.length === 0 ? (
              <EmptyState title={words.none}>{words.noneHelp}</EmptyState>
            ) : (
              <Versions
                mappings={data}
                onSelect={maySelect ? setSelecting : undefined}
                onTry={mayStore ? (name) => start(nameOf(name), { stored: name }) : undefined}
                onEdit={mayStore ? (name) => void edit(name) : undefined}
              />
            )}
            {!maySelect && <p className="quiet small">{words.onlyAdministrator}</p>}
          </SectionPart>
          {mayStore ? (
            <SectionPart title={words.newVersion}>
              <MappingEditor
                content={content}
                onContent={setContent}
                onTry={(mapping) => start(words.fileOnPage, { mapping })}
              />
            </SectionPart>
          ) : (
            <Notice title={words.readOnly} />
          )}
          {trial && <TrialPart key={trial.key} trial={trial} />}
        </>
      )}
      {selecting && <SelectDialog name={selecting} onClose={() => setSelecting(undefined)} />}
    </>
  );
}

/** Below the editor, so it is brought to the eye. */
function TrialPart({ trial: { name, tried } }: { readonly trial: Trial }) {
  const words = useWords(mappingWords);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: 'start' }), []);
  return (
    <div ref={box}>
      <SectionPart title={words.trial(name)}>
        <MappingTrial tried={tried} />
      </SectionPart>
    </div>
  );
}

type OnName = ((name: MappingName) => void) | undefined;

function InForce({
  mappings: { inForce },
  onSelect,
}: {
  readonly mappings: Mappings;
  readonly onSelect: OnName;
}) {
  const words = useWords(mappingWords);
  const instant = useInstant();
  const { id, selectedBy, selectedAt } = inForce;
  if (id === BUILT_IN)
    return (
      <Notice tone="warning" title={`${words.builtIn} ${nameOf(inForce)}`}>
        <p>{words.builtInHelp}</p>
      </Notice>
    );
  return (
    <Notice tone="done" title={`${nameOf(inForce)} ${words.inForce}`}>
      <p>
        {selectedBy !== null && selectedAt !== null && words.since(selectedBy, instant(selectedAt))}{' '}
        {onSelect && (
          <Button onClick={() => onSelect({ id: BUILT_IN, version: '1.0.0' })}>{words.backToBuiltIn}</Button>
        )}
      </p>
    </Notice>
  );
}

function Versions({
  mappings: { items, inForce },
  ...acts
}: {
  readonly mappings: Mappings;
  readonly onSelect: OnName;
  readonly onTry: OnName;
  readonly onEdit: OnName;
}) {
  const words = useWords(mappingWords);
  return (
    <DataTable label={words.versions} head={[words.name, words.uploaded, words.digest, words.file, '']}>
      {items.map((mapping) => (
        <VersionRow
          key={nameOf(mapping)}
          mapping={mapping}
          isInForce={nameOf(mapping) === nameOf(inForce)}
          {...acts}
        />
      ))}
    </DataTable>
  );
}

function VersionRow({
  mapping,
  isInForce,
  onSelect,
  onTry,
  onEdit,
}: {
  readonly mapping: StoredMapping;
  readonly isInForce: boolean;
  readonly onSelect: OnName;
  readonly onTry: OnName;
  readonly onEdit: OnName;
}) {
  const words = useWords(mappingWords);
  const instant = useInstant();
  const { id, version, digest, uploadedBy, uploadedAt } = mapping;
  const button = (text: string, onName: OnName) =>
    onName && (
      <Button aria-label={`${text} ${nameOf(mapping)}`} onClick={() => onName({ id, version })}>
        {text}
      </Button>
    );
  return (
    <tr className={isInForce ? 'is-current' : undefined}>
      <th scope="row">
        {nameOf(mapping)} {isInForce && <Chip tone="done">{words.inForce}</Chip>}
      </th>
      <td>
        {instant(uploadedAt)} <span className="quiet small">{uploadedBy}</span>
      </td>
      <td>
        <code title={digest}>{digest.slice(0, 12)}…</code>
      </td>
      <td>
        <a href={mappingAddress(mapping)} download={`${id}-${version}.json`}>
          {words.download}
          <span className="spoken"> {nameOf(mapping)}</span>
        </a>
      </td>
      <td>
        {button(words.tryStored, onTry)}
        {button(words.edit, onEdit)}
        {!isInForce && button(words.select, onSelect)}
      </td>
    </tr>
  );
}

function SelectDialog({ name, onClose }: { readonly name: MappingName; readonly onClose: () => void }) {
  const words = useWords(mappingWords);
  const selecting = useChange(() => selectMapping(name), {
    ...{ reads: [mappingsKey], done: words.selected(nameOf(name)), onDone: onClose },
  });
  return (
    <FormDialog
      title={words.selectTitle(nameOf(name))}
      closeLabel={words.cancel}
      submitText={words.select}
      wide
      error={selecting.error}
      isSending={selecting.isPending}
      onClose={onClose}
      onSubmit={() => selecting.mutate(undefined)}
    >
      <p>{words.selectHelp}</p>
      <MappingTrial tried={{ stored: name }} />
    </FormDialog>
  );
}
