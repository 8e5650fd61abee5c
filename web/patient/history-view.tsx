import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import type { Patient } from '../calls/patients.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { dayText, instantText, timeText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { byDay, type Done, newestFirst } from './history.js';
import { historyWords } from './history-words.js';
import { useAgreedDone, useContactsDone, useEventsDone, useSteps } from './use-history.js';

/** Everything that people did about the patient, the newest first. */
export default function HistoryView({
  patient,
  mayCare,
}: {
  readonly patient: Patient;
  readonly mayCare: boolean;
}) {
  const words = useWords(historyWords);
  const { timeZone } = useMe().hospital;
  const [kind, setKind] = useState('all');
  const steps = useSteps(patient.id);
  const parts: Readonly<Record<string, readonly Done[]>> = {
    steps: steps.done,
    events: useEventsDone(patient.id),
    contacts: useContactsDone(patient.id, mayCare),
    agreed: useAgreedDone(patient.id),
  };
  const done = newestFirst(kind === 'all' ? Object.values(parts) : [parts[kind] ?? []]);
  const days = byDay(done, (at) => instantText(at, timeZone).slice(0, 10));
  return (
    <div className="patient-view">
      <div className="section-head">
        <h2>{words.title}</h2>
        <Choices
          label={words.filter}
          options={Object.entries(words.kinds).map(([value, text]) => ({ value, text }))}
          value={kind}
          onValue={setKind}
        />
      </div>
      <Failure error={steps.error} onRetry={() => void steps.refetch()} />
      {done.length === 0 && !steps.isPending && <p className="quiet">{words.nothing}</p>}
      {days.map(([day, some]) => (
        <DayOfHistory key={day} day={day} done={some} />
      ))}
      {steps.hasNextPage && (
        <Button busy={steps.isFetchingNextPage} onClick={() => void steps.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </div>
  );
}

function DayOfHistory({ day, done }: { readonly day: string; readonly done: readonly Done[] }) {
  const words = useWords(historyWords);
  const language = useLanguage();
  const { timeZone } = useMe().hospital;
  return (
    <section>
      <h3>{dayText(day, language)}</h3>
      <ul className="record-list">
        {done.map(({ key, at, who, what, about, isTakenBack }) => (
          <li key={key} className={isTakenBack ? 'is-void' : undefined}>
            <span className="record-time">{timeText(at, timeZone)}</span>
            <span className="record-what">
              {what} <span className="quiet">{about}</span>
            </span>
            <span className="record-by quiet">{who ?? words.unknown}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
