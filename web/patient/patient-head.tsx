import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ACT_KEYS } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import { useMe, useToday } from '../calls/me.js';
import { type Patient, scheduleQuery } from '../calls/patients.js';
import { eventsQuery, eventTypesQuery, exportAddress, printedPage } from '../calls/record.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { Notice } from '../parts/notice.js';
import { goBack } from '../routing/place.js';
import { onDemand } from '../routing/on-demand.js';
import { dayText, daysFrom } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { EXPORTERS } from './care.js';
import { factsOf, titleOf } from '../items/event-facts.js';
import type { PatientActs } from './patient-acts.js';
import { WORKLIST } from './patient-commands.js';
import { patientWords } from './patient-words.js';
import { Phones } from './phone-links.js';
import './patient-head.css';

const EditDialog = onDemand(() => import('./edit-dialog.js'));
const DAYS_A_YEAR = 365.2425;

/** Who the patient is, what the plan is counted from, how to call, and what can be done. */
export function PatientHead({
  patient,
  acts,
}: {
  readonly patient: Patient;
  readonly acts: PatientActs | undefined;
}) {
  const words = useWords(patientWords);
  const today = useToday();
  const years = Math.floor(daysFrom(patient.birthDate, today) / DAYS_A_YEAR);
  return (
    <header className="patient-head">
      <div className="patient-title">
        <Button kind="quiet" className="not-printed" hint="escape" onClick={() => goBack(WORKLIST)}>
          {words.back}
        </Button>
        <h1>{patient.name ?? words.unnamed}</h1>
        <span className="patient-number">{patient.mrn}</span>
        <span>
          {textOf(words.sexes, patient.sex)} · {words.years(years)}
        </span>
        {patient.toJudge > 0 && <Chip tone="warning">{words.toJudge(patient.toJudge)}</Chip>}
        <HeadActions patient={patient} acts={acts} />
      </div>
      {patient.erasedAt !== null && <Notice tone="warning" title={words.erased} />}
      <Facts patient={patient} />
      <Flags id={patient.id} />
    </header>
  );
}

function HeadActions({
  patient,
  acts,
}: {
  readonly patient: Patient;
  readonly acts: PatientActs | undefined;
}) {
  const words = useWords(patientWords);
  const names = useWords(actWords);
  const language = useLanguage();
  const mayExport = useMe().roles.some((role) => EXPORTERS.includes(role));
  const [isEditing, setIsEditing] = useState(false);
  return (
    <div className="patient-actions not-printed" role="toolbar" aria-label={words.acting}>
      {acts &&
        (['contact', 'book', 'complete', 'owner'] as const).map((kind) => (
          <Button key={kind} hint={ACT_KEYS[kind]} onClick={() => acts.start(kind)}>
            {names[kind]}
          </Button>
        ))}
      {acts && (
        <>
          <Button kind="quiet" onClick={() => setIsEditing(true)}>
            {words.edit}
          </Button>
          {(['card', 'letter'] as const).map((kind) => (
            <a
              key={kind}
              className="button button-quiet"
              href={printedPage(patient.id, kind, language)}
              target="_blank"
              rel="noreferrer"
            >
              {words[kind]}
            </a>
          ))}
        </>
      )}
      {mayExport && (
        <a className="button button-quiet" href={exportAddress(patient.id)} download="patient.json">
          {words.export}
        </a>
      )}
      {isEditing && <EditDialog patient={patient} onClose={() => setIsEditing(false)} />}
    </div>
  );
}

function Facts({ patient }: { readonly patient: Patient }) {
  const words = useWords(patientWords);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.phone, patient.phone === null ? null : <Phones text={patient.phone} />],
    [words.born, patient.birthDate],
    [words.diagnosed, patient.diagnosisDate],
    [words.enrolled, patient.enrolledOn],
    [words.nurse, patient.responsibleNurse ?? words.unassigned],
    [words.department, patient.department],
    [words.ward, patient.ward],
    [words.group, patient.group],
    [words.distance, patient.distanceKm === null ? null : words.kilometres(patient.distanceKm)],
  ];
  return (
    <dl className="patient-facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
      <Starts id={patient.id} />
    </dl>
  );
}

/** The events from which the plan is counted, with what decided its form. */
function Starts({ id }: { readonly id: string }) {
  const words = useWords(patientWords);
  const language = useLanguage();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const events = useQuery(eventsQuery(id)).data?.items ?? [];
  const starts = events.filter(
    ({ type, voidedAt }) => voidedAt === null && types.some((one) => one.type === type && one.startsPathway),
  );
  if (starts.length === 0) return null;
  return (
    <div className="patient-starts">
      <dt>{words.startedBy}</dt>
      <dd>
        {starts.map((event) => (
          <span key={event.id}>
            {titleOf(event, types, language)} {dayText(event.date, language)}{' '}
            <span className="quiet">{factsOf(event, types, language).join(' · ')}</span>
          </span>
        ))}
      </dd>
    </div>
  );
}

/** What the plan itself says that a person has to know. */
function Flags({ id }: { readonly id: string }) {
  const words = useWords(patientWords);
  const { data } = useQuery(scheduleQuery(id, useLanguage()));
  if (data === undefined || data.flags.length === 0) return null;
  return (
    <Notice tone="warning" title={words.attention}>
      <ul>
        {data.flags.map(({ code, message }) => (
          <li key={code}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}
