import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { comparisonQuery } from '../calls/guidelines.js';
import { patientQuery } from '../calls/patients.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { EmptyState } from '../parts/empty-state.js';
import { onDemand } from '../routing/on-demand.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { compareWords } from './compare-words.js';
import { ComparedPlans } from './compared-plans.js';

const PatientChoice = onDemand(() => import('./patient-choice.js'));

/** A patient of the hospital under several guidelines; without an id none is chosen yet. */
export function PatientComparison({
  patientId,
  guidelines,
  onPatient,
}: {
  readonly patientId: string | undefined;
  readonly guidelines: readonly string[];
  readonly onPatient: (patientId: string) => void;
}) {
  const words = useWords(compareWords);
  const language = useLanguage();
  const [isChoosing, setIsChoosing] = useState(patientId === undefined);
  const isChosen = patientId !== undefined;
  const { data: patient } = useQuery({ ...patientQuery(patientId ?? ''), enabled: isChosen });
  const comparison = comparisonQuery(patientId ?? '', guidelines, language);
  const { data, error, refetch } = useQuery({ ...comparison, enabled: isChosen });
  const choose = (id: string): void => {
    setIsChoosing(false);
    onPatient(id);
  };
  return (
    <>
      {isChosen ? (
        <p className="compared-patient">
          {patient && (
            <strong>
              {patient.name} <span className="quiet">{patient.mrn}</span>
            </strong>
          )}
          <Button onClick={() => setIsChoosing(true)}>{words.otherPatient}</Button>
        </p>
      ) : (
        <EmptyState title={words.noPatient}>
          <Button onClick={() => setIsChoosing(true)}>{words.choosePatient}</Button>
        </EmptyState>
      )}
      <Failure error={error} onRetry={() => void refetch()} />
      {data && <ComparedPlans comparison={data} />}
      {isChosen && !data && error === null && <Busy text={words.loading} />}
      <Suspense>
        {isChoosing && <PatientChoice onChoose={choose} onClose={() => setIsChoosing(false)} />}
      </Suspense>
    </>
  );
}
