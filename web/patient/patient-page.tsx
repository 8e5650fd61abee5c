import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { OpenResults } from '../acts/open-results.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { type Patient, patientQuery } from '../calls/patients.js';
import { usePresence } from '../calls/presence.js';
import { Busy } from '../parts/busy.js';
import { Link } from '../routing/link.js';
import { onDemand } from '../routing/on-demand.js';
import { usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { CARE } from './care.js';
import { addressOfView, type View, viewIn, VIEWS } from './patient-address.js';
import { usePatientCommands } from './patient-commands.js';
import { PatientHead } from './patient-head.js';
import { patientWords } from './patient-words.js';
import { PlanView } from './plan-view.js';
import { usePatientActs } from './patient-acts.js';
import './patient-page.css';

const CourseView = onDemand(() => import('./course-view.js'));
const VisitsView = onDemand(() => import('./visits-view.js'));
const AgreedView = onDemand(() => import('./agreed-view.js'));
const HistoryView = onDemand(() => import('./history-view.js'));

/** Everything about one patient: the plan and why, the course, visits, agreements, and who did what. */
export default function PatientPage({ id = '' }: { readonly id?: string }) {
  const words = useWords(patientWords);
  const { data: patient, error, refetch } = useQuery(patientQuery(id));
  return (
    <>
      {/* The browser keeps titles of pages: they name no patient. */}
      <title>{words.page}</title>
      <Failure error={error} onRetry={() => void refetch()} />
      {patient && <Record key={id} patient={patient} />}
      {patient === undefined && error === null && <Busy text={words.loading} />}
    </>
  );
}

function Record({ patient }: { readonly patient: Patient }) {
  const words = useWords(patientWords);
  const view = viewIn(usePlace().parameters);
  const mayCare = useMe().roles.some((role) => CARE.includes(role));
  const acts = usePatientActs(patient);
  usePresence(patient.id, mayCare);
  usePatientCommands({ patientId: patient.id, acts: mayCare ? acts : undefined });
  return (
    <div className="patient">
      <PatientHead patient={patient} acts={mayCare ? acts : undefined} />
      <nav className="patient-views not-printed" aria-label={words.viewsLabel}>
        {VIEWS.map((one) => (
          <Link key={one} to={addressOfView(patient.id, one)} isCurrent={one === view} isReplacing>
            {words.views[one]}
          </Link>
        ))}
      </nav>
      <OpenResults patientId={patient.id} />
      <Suspense fallback={<Busy text={words.loading} />}>
        <PresentView {...{ patient, view, mayCare }} acts={acts} />
      </Suspense>
      {acts.dialog}
    </div>
  );
}

function PresentView({
  patient,
  view,
  mayCare,
  acts,
}: {
  readonly patient: Patient;
  readonly view: View;
  readonly mayCare: boolean;
  readonly acts: ReturnType<typeof usePatientActs>;
}) {
  switch (view) {
    case 'plan':
      return <PlanView patient={patient} acts={mayCare ? acts : undefined} />;
    case 'course':
      return <CourseView patient={patient} mayCare={mayCare} />;
    case 'visits':
      return <VisitsView patient={patient} acts={mayCare ? acts : undefined} />;
    case 'agreed':
      return <AgreedView patient={patient} mayCare={mayCare} />;
    case 'history':
      return <HistoryView patient={patient} mayCare={mayCare} />;
  }
}
