import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ActKind } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import { OpenResults } from '../acts/open-results.js';
import { Failure } from '../calls/failure.js';
import type { ItemOfRow, Row } from '../calls/lists.js';
import { useMayCare } from '../calls/me.js';
import { patientQuery, scheduleQuery } from '../calls/patients.js';
import { usePresence } from '../calls/presence.js';
import { Explanation } from '../items/explanation.js';
import { DueDay, UrgencyChip, useActivityName, useStepText, WindowText } from '../items/item-facts.js';
import { itemWords } from '../items/item-words.js';
import { useIsPainted } from '../parts/after-paint.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { KeyHint } from '../parts/key-hint.js';
import { Panel } from '../parts/panel.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { ContactHistory } from './contact-history.js';
import type { RowMark } from './row-marks.js';
import { patientAddress } from './worklist-address.js';
import { panelWords } from './panel-words.js';
import { worklistWords } from './worklist-words.js';
import './patient-panel.css';

const LATER_SHOWN = 4;

type OnAct = (kind: ActKind, items: readonly ItemOfRow[]) => void;

/** The patient of a row without leaving the list: what is open and why, and how to reach them. */
export default function PatientPanel({
  row,
  mark,
  onAct,
  onClose,
}: {
  readonly row: Row;
  readonly mark: RowMark | undefined;
  readonly onAct: OnAct;
  readonly onClose: () => void;
}) {
  const words = useWords(worklistWords);
  const own = useWords(panelWords);
  const { patient, items } = row;
  const mayCare = useMayCare();
  const nameOf = useActivityName();
  const isPainted = useIsPainted(); // the parts that are read from the server come after the answer to the key
  usePresence(patient.id, mayCare);
  return (
    <Panel
      title={`${patient.name ?? words.unnamed} ${patient.mrn}`}
      closeLabel={words.closePanel}
      onClose={onClose}
    >
      {mark?.done !== undefined && <Chip tone="done">{mark.done}</Chip>}
      <p>
        <Link to={patientAddress(patient.id)}>
          {words.wholeRecord} <KeyHint keys="shift+enter" />
        </Link>
      </p>
      <PatientFacts id={patient.id} />
      {isPainted && <OpenResults patientId={patient.id} />}
      <section>
        <h3>{own.openItems}</h3>
        {items.length === 0 && <p className="quiet">{own.noOpenItems}</p>}
        <ul className="panel-items">
          {items.map((item) => (
            <PanelItem
              key={item.id}
              name={nameOf(item.activity)}
              item={item}
              mayAct={mayCare}
              onAct={onAct}
            />
          ))}
        </ul>
      </section>
      {isPainted && <LaterItems id={patient.id} open={items} nameOf={nameOf} />}
      {isPainted && mayCare && <ContactHistory id={patient.id} />}
    </Panel>
  );
}

function PatientFacts({ id }: { readonly id: string }) {
  const words = useWords(worklistWords);
  const own = useWords(panelWords);
  const { data, error, refetch } = useQuery(patientQuery(id));
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [own.phone, data?.phone ? <a href={`tel:${data.phone}`}>{data.phone}</a> : null],
    [own.born, data?.birthDate],
    [own.diagnosed, data?.diagnosisDate],
    [own.nurse, data?.responsibleNurse],
    [words.columns.department, data?.department],
  ];
  return (
    <dl className="panel-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

function PanelItem({
  name,
  item,
  mayAct,
  onAct,
}: {
  readonly name: string;
  readonly item: ItemOfRow;
  readonly mayAct: boolean;
  readonly onAct: OnAct;
}) {
  const words = useWords(itemWords);
  const acts = useWords(actWords);
  const stepText = useStepText();
  const [isExplained, setIsExplained] = useState(false);
  return (
    <li className="panel-item">
      <p className="panel-item-head">
        <strong>{name}</strong>
        <UrgencyChip item={item} />
        <span className="quiet">{stepText(item)}</span>
      </p>
      <p>
        {words.due} <DueDay day={item.due} />
      </p>
      <p className="quiet small">
        {words.window} <WindowText item={item} />
      </p>
      <p className="panel-item-acts">
        <Button kind="quiet" aria-expanded={isExplained} onClick={() => setIsExplained(!isExplained)}>
          {words.why}
        </Button>
        {mayAct && (
          <>
            <Button onClick={() => onAct('book', [item])}>{acts.book}</Button>
            <Button onClick={() => onAct('complete', [item])}>{acts.complete}</Button>
          </>
        )}
      </p>
      {isExplained && <Explanation itemId={item.id} />}
    </li>
  );
}

/** What comes after the open items, so that one trip can serve several. */
function LaterItems({
  id,
  open,
  nameOf,
}: {
  readonly id: string;
  readonly open: readonly ItemOfRow[];
  readonly nameOf: (code: string) => string;
}) {
  const own = useWords(panelWords);
  const { data } = useQuery(scheduleQuery(id, useLanguage()));
  const later = data?.items
    .filter((item) => item.status === 'upcoming' && !open.some((other) => other.id === item.id))
    .slice(0, LATER_SHOWN);
  if (later === undefined || later.length === 0) return null;
  return (
    <section>
      <h3>{own.next24}</h3>
      <ul className="panel-later">
        {later.map((item) => (
          <li key={item.id}>
            <DueDay day={item.due} /> {nameOf(item.activity)}
          </li>
        ))}
      </ul>
    </section>
  );
}
