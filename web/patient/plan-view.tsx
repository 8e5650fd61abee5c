import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useToday } from '../calls/me.js';
import { type Patient, type Schedule, scheduleQuery } from '../calls/patients.js';
import { eventsQuery, eventTypesQuery } from '../calls/record.js';
import { useActivityName } from '../items/item-facts.js';
import { Busy } from '../parts/busy.js';
import { Choices } from '../parts/choices.js';
import { EmptyState } from '../parts/empty-state.js';
import { Link } from '../routing/link.js';
import { onDemand } from '../routing/on-demand.js';
import { dayText } from '../words/dates.js';
import { keep, kept } from '../words/kept.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { ItemPanel } from './item-panel.js';
import { ItemTable } from './item-table.js';
import { LaneChart } from './lane-chart.js';
import { dayOf, type Reach, REACHES, type Span, spanOf } from './lanes.js';
import { useNarrow } from './narrow.js';
import { addressOfView } from './patient-address.js';
import type { PatientActs } from './patient-acts.js';
import { patientWords } from './patient-words.js';
import './plan-view.css';

const Curves = onDemand(() => import('./curves.js'));

/** The plan as lanes or as a table, the curves below, and beside them why one date is as it is. */
export function PlanView({
  patient,
  acts,
}: {
  readonly patient: Patient;
  readonly acts: PatientActs | undefined;
}) {
  const words = useWords(patientWords);
  const { data: schedule, error, refetch } = useQuery(scheduleQuery(patient.id, useLanguage()));
  const [openId, setOpenId] = useState<string>();
  const opened = schedule?.items.find(({ id }) => id === openId);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (schedule === undefined) return <Busy text={words.loading} />;
  return (
    <div className={opened ? 'plan has-panel' : 'plan'}>
      <div className="plan-main">
        {schedule.items.length === 0 ? (
          <EmptyState title={words.noPlan}>
            <p>{words.noPlanHelp}</p>
            <p>
              <Link to={addressOfView(patient.id, 'course')}>{words.toCourse}</Link>
            </p>
          </EmptyState>
        ) : (
          <PlanOf {...{ patient, schedule, acts, openId }} onOpen={setOpenId} />
        )}
      </div>
      {opened && <ItemPanel item={opened} acts={acts} onClose={() => setOpenId(undefined)} />}
    </div>
  );
}

function PlanOf({
  patient,
  schedule,
  acts,
  openId,
  onOpen,
}: {
  readonly patient: Patient;
  readonly schedule: Schedule;
  readonly acts: PatientActs | undefined;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const words = useWords(patientWords);
  const isNarrow = useNarrow();
  const [shape, setShape] = useState(kept('plan') === 'table' ? 'table' : 'lanes');
  const [reach, setReach] = useState<Reach>('near');
  const span = useSpan(patient.id, schedule, reach);
  const choose = (chosen: string): void => {
    keep('plan', chosen);
    setShape(chosen);
  };
  return (
    <>
      <PlanBar>
        {!isNarrow && (
          <Choices
            label={words.shownAs}
            options={(['lanes', 'table'] as const).map((value) => ({ value, text: words[value] }))}
            value={shape}
            onValue={choose}
          />
        )}
        <Choices
          label={words.reach}
          options={REACHES.map((value) => ({ value, text: words.reaches[value] }))}
          value={reach}
          onValue={(value) => setReach(value as Reach)}
        />
      </PlanBar>
      {shape === 'lanes' && !isNarrow ? (
        <LaneChart {...{ schedule, span, openId, onOpen }} patientId={patient.id} />
      ) : (
        <ItemTable {...{ schedule, span, openId, onOpen, acts }} />
      )}
      <Remarks schedule={schedule} />
      <Curves patientId={patient.id} span={span} />
    </>
  );
}

const PlanBar = ({ children }: { readonly children: ReactNode }) => (
  <div className="plan-bar not-printed">{children}</div>
);

/** The days that lanes and curves show alike. */
function useSpan(patientId: string, schedule: Schedule, reach: Reach): Span {
  const today = useToday();
  const events = useQuery(eventsQuery(patientId)).data?.items ?? [];
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const shown = events.filter(
    ({ type, voidedAt, values }) =>
      voidedAt === null &&
      (values !== undefined || types.some((one) => one.type === type && !one.recordsExams)),
  );
  return spanOf(reach, [...shown.map(({ date }) => date), ...schedule.items.map(dayOf)], today);
}

/** What the lanes cannot show: exams outside of the plan, and rules that are switched off. */
function Remarks({ schedule: { unassigned, switchedOff } }: { readonly schedule: Schedule }) {
  const words = useWords(patientWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  if (unassigned.length === 0 && switchedOff.length === 0) return null;
  return (
    <div className="plan-remarks">
      {unassigned.length > 0 && (
        <p>
          {words.unplannedHelp}{' '}
          {unassigned
            .map(({ activity, date }) => `${nameOf(activity)} ${dayText(date, language)}`)
            .join(' · ')}
        </p>
      )}
      {switchedOff.map(({ rule, activities, from, author, missing }) => (
        <p key={rule}>
          {words.switchedOff}{' '}
          {words.switchedOffFrom(
            activities.map(nameOf).join(', '),
            dayText(from, language),
            author ?? words.hospitalPolicy,
          )}{' '}
          <span className="quiet">{words.missing(missing.length)}</span>
        </p>
      ))}
    </div>
  );
}
