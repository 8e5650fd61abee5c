import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { firstRunQuery } from '../calls/first-run.js';
import { useMe } from '../calls/me.js';
import { ImportWizard } from '../importing/import-wizard.js';
import { Busy } from '../parts/busy.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { Button } from '../parts/button.js';
import { Link } from '../routing/link.js';
import { goTo, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { ColleaguesStep } from './colleagues-step.js';
import { FirstRunFrame } from './first-run-frame.js';
import { firstRunWords } from './first-run-words.js';
import { PolicyStep } from './policy-step.js';
import { SecondFactor } from './second-factor.js';
import { addressOfStep, doneSteps, nextStep, presentStep, type Step } from './steps.js';

/** The first run of a signed-in administrator: the step in the address, or the first that is left. */
export default function FirstRunPage() {
  const words = useWords(firstRunWords);
  const me = useMe();
  const { parameters } = usePlace();
  const mayAdminister = me.roles.includes('hospital_admin');
  const { data, error, refetch } = useQuery({ ...firstRunQuery, enabled: mayAdminister });
  if (!mayAdminister)
    return (
      <EmptyState title={words.forAdministrators}>
        <p>{words.forAdministratorsHelp}</p>
      </EmptyState>
    );
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Busy text="…" />;
  const progress = { ...data, secondFactor: me.secondFactor === true };
  const step = presentStep(parameters['step'], progress);
  const goOn = (): void => goTo(addressOfStep(nextStep(step)));
  return (
    <FirstRunFrame step={step} done={doneSteps(progress)} hasAccount>
      <PresentStep
        step={step}
        hasPatients={data.hasPatients}
        hasFactor={progress.secondFactor}
        onNext={goOn}
      />
    </FirstRunFrame>
  );
}

function PresentStep({
  step,
  hasPatients,
  hasFactor,
  onNext,
}: {
  readonly step: Step;
  readonly hasPatients: boolean;
  readonly hasFactor: boolean;
  readonly onNext: () => void;
}) {
  const words = useWords(firstRunWords);
  switch (step) {
    case 'hospital':
    case 'yourself':
      return hasFactor ? (
        <>
          <Notice tone="done" title={words.factorDone} />
          <NextButton onNext={onNext} />
        </>
      ) : (
        <SecondFactor onDone={onNext} onLater={onNext} />
      );
    case 'colleagues':
      return <ColleaguesStep onNext={onNext} />;
    case 'roster':
      return <RosterStep hasPatients={hasPatients} onNext={onNext} />;
    case 'policy':
      return <PolicyStep />;
  }
}

function NextButton({ onNext }: { readonly onNext: () => void }) {
  const words = useWords(firstRunWords);
  return (
    <div className="first-run-actions">
      <Button kind="main" onClick={onNext}>
        {words.next}
      </Button>
    </div>
  );
}

/** The roster of the ward, by the parts of the import page. */
function RosterStep({ hasPatients, onNext }: { readonly hasPatients: boolean; readonly onNext: () => void }) {
  const words = useWords(firstRunWords);
  const mayImport = useMe().roles.includes('head_nurse');
  return (
    <div className="fields">
      <p className="quiet">
        {mayImport ? (hasPatients ? words.hasRoster : words.rosterIntro) : words.rosterByOthers}
      </p>
      {mayImport && (
        <ImportWizard>
          <Link className="button button-main" to={addressOfStep('policy')}>
            {words.next}
          </Link>
        </ImportWizard>
      )}
      <div className="first-run-actions">
        <Button kind="quiet" onClick={onNext}>
          {hasPatients ? words.next : words.later}
        </Button>
      </div>
    </div>
  );
}
