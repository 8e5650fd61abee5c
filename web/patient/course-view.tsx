import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import type { Patient } from '../calls/patients.js';
import { type ClinicalEvent, eventsQuery, type EventType, eventTypesQuery } from '../calls/record.js';
import { useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { EmptyState } from '../parts/empty-state.js';
import { onDemand } from '../routing/on-demand.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { courseWords } from './course-words.js';
import { factsOf, measuredIn, titleOf } from '../items/event-facts.js';
import { patientWords } from './patient-words.js';

const EventDialog = onDemand(() => import('./event-dialog.js'));
const VoidDialog = onDemand(() => import('./void-dialog.js'));

/** The course of the disease: what happened, and how to record or take back an event. */
export default function CourseView({
  patient,
  mayCare,
}: {
  readonly patient: Patient;
  readonly mayCare: boolean;
}) {
  const words = useWords(courseWords);
  const viewing = useWords(patientWords).acting;
  const [isAdding, setIsAdding] = useState(false);
  const [voided, setVoided] = useState<{ readonly id: string; readonly name: string }>();
  const add = {
    ...{ id: 'add-event', title: words.addKey, group: viewing, keys: ['e'] },
    run: () => setIsAdding(true),
  };
  useCommands(mayCare ? [add] : []);
  return (
    <div className="patient-view">
      <section>
        <div className="section-head">
          <h2>{words.events}</h2>
          {mayCare && (
            <Button hint="e" onClick={() => setIsAdding(true)}>
              {words.add}
            </Button>
          )}
        </div>
        <Events patientId={patient.id} onVoid={mayCare ? setVoided : undefined} />
      </section>
      <Suspense>
        {isAdding && <EventDialog patientId={patient.id} onClose={() => setIsAdding(false)} />}
        {voided && (
          <VoidDialog
            patientId={patient.id}
            eventId={voided.id}
            name={voided.name}
            onClose={() => setVoided(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}

type OnVoid = (event: { readonly id: string; readonly name: string }) => void;

function Events({ patientId, onVoid }: { readonly patientId: string; readonly onVoid: OnVoid | undefined }) {
  const words = useWords(courseWords);
  const { data, error, refetch } = useQuery(eventsQuery(patientId));
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const [isAll, setIsAll] = useState(false);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Busy text={words.loading} />;
  const voided = data.items.filter(({ voidedAt }) => voidedAt !== null);
  const shown = isAll ? data.items : data.items.filter(({ voidedAt }) => voidedAt === null);
  const newestFirst = [...shown].sort((a, b) => (a.date < b.date ? 1 : -1));
  return (
    <>
      {data.items.length === 0 && (
        <EmptyState title={words.noEvents}>
          <p>{words.noEventsHelp}</p>
        </EmptyState>
      )}
      <ul className="record-list">
        {newestFirst.map((event) => (
          <EventLine key={event.id} {...{ event, types, onVoid }} />
        ))}
      </ul>
      {voided.length > 0 && !isAll && (
        <Button kind="quiet" onClick={() => setIsAll(true)}>
          {words.showVoided(voided.length)}
        </Button>
      )}
    </>
  );
}

function EventLine({
  event,
  types,
  onVoid,
}: {
  readonly event: ClinicalEvent;
  readonly types: readonly EventType[];
  readonly onVoid: OnVoid | undefined;
}) {
  const words = useWords(courseWords);
  const language = useLanguage();
  const title = titleOf(event, types, language);
  const day = dayText(event.date, language);
  const report = [event.report?.place, event.report?.note];
  const facts = [...factsOf(event, types, language), ...measuredIn(event), ...report].filter(Boolean);
  const isVoid = event.voidedAt !== null;
  return (
    <li className={isVoid ? 'is-void' : undefined}>
      <time className="record-day" dateTime={event.date}>
        {day}
      </time>
      <span className="record-what">
        <strong>{title}</strong> {facts.join(' · ')}
      </span>
      {event.toJudge.length > 0 && event.judgedAt === null && !isVoid && (
        <Chip tone="warning">{words.toJudge}</Chip>
      )}
      <span className="record-by quiet">
        {event.recordedBy}
        {event.confirmedBy !== null && ` · ${words.confirmed(event.confirmedBy)}`}
        {event.voidReason !== null && ` · ${words.voided(event.voidedBy ?? '', event.voidReason)}`}
      </span>
      {onVoid && !isVoid && (
        <Button
          kind="quiet"
          aria-label={words.voidOf(`${title} ${day}`)}
          onClick={() => onVoid({ id: event.id, name: `${title} ${day}` })}
        >
          {words.void}
        </Button>
      )}
    </li>
  );
}
