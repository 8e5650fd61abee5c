import { useState } from 'react';
import { ACT_KEYS } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import type { Schedule } from '../calls/patients.js';
import { DueDay, UrgencyChip, useActivityName, useStepText, WindowText } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { dayOf, isOpen, placeOf, type ScheduleItem, type Span } from './lanes.js';
import type { PatientActs } from './patient-acts.js';
import { patientWords } from './patient-words.js';
import './item-table.css';

const SHOWN = ['open', 'closed', 'all'] as const;
type Shown = (typeof SHOWN)[number];

/** The items of the span as rows, on a telephone as cards; the acts stand beside what is open. */
export function ItemTable({
  schedule,
  span,
  openId,
  acts,
  onOpen,
}: {
  readonly schedule: Schedule;
  readonly span: Span;
  readonly openId: string | undefined;
  readonly acts: PatientActs | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const words = useWords(patientWords);
  const [shown, setShown] = useState<Shown>('open');
  const items = schedule.items.filter(
    (item) =>
      placeOf(dayOf(item), span) !== undefined && (shown === 'all' || isOpen(item) === (shown === 'open')),
  );
  return (
    <>
      <Choices
        label={words.status}
        options={SHOWN.map((value) => ({ value, text: words[value] }))}
        value={shown}
        onValue={(value) => setShown(value as Shown)}
      />
      <table className="item-table" aria-label={words.views.plan}>
        <thead>
          <tr>
            {[words.activity, words.due, words.status, words.step, words.window, words.section].map(
              (name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
            {acts && (
              <th scope="col">
                <span className="spoken">{words.acting}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <ItemRow key={item.id} {...{ item, acts, onOpen }} isOpened={item.id === openId} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function ItemRow({
  item,
  isOpened,
  acts,
  onOpen,
}: {
  readonly item: ScheduleItem;
  readonly isOpened: boolean;
  readonly acts: PatientActs | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const words = useWords(patientWords);
  const names = useWords(actWords);
  const language = useLanguage();
  const name = useActivityName()(item.activity);
  const stepText = useStepText();
  return (
    <tr className={isOpened ? 'is-open' : undefined}>
      <th scope="row">
        <Button kind="quiet" aria-expanded={isOpened} onClick={() => onOpen(item.id)}>
          {name}
        </Button>
      </th>
      <td>
        <DueDay day={item.due} />
      </td>
      <td>
        {item.completedOn === null ? (
          <UrgencyChip item={item} />
        ) : (
          words.doneOn(dayText(item.completedOn, language))
        )}
      </td>
      <td>{isOpen(item) && stepText(item)}</td>
      <td className="quiet">
        <WindowText item={item} />
      </td>
      <td className="quiet">
        {item.section} {[item.evidence, item.grade].filter(Boolean).join(' ')}
      </td>
      {acts && (
        <td className="item-table-acts">
          {isOpen(item) &&
            (['book', 'complete'] as const).map((kind) => (
              <Button
                key={kind}
                hint={isOpened ? ACT_KEYS[kind] : undefined}
                aria-label={`${names[kind]} ${name} ${item.due}`}
                onClick={() => acts.start(kind, [item])}
              >
                {names[kind]}
              </Button>
            ))}
        </td>
      )}
    </tr>
  );
}
