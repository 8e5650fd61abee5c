import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { guidelinesQuery, nameOf } from '../calls/guidelines.js';
import { useMe } from '../calls/me.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { compareWords } from './compare-words.js';
import type { GuidelineAddress } from './guideline-address.js';
import { InventedComparison } from './invented-comparison.js';
import { PatientComparison } from './patient-comparison.js';
import './compare-view.css';

const READS_PATIENTS = ['nurse', 'head_nurse', 'clinician', 'hospital_admin', 'auditor'];

/** One patient, of the hospital or invented, under several guidelines side by side. */
export default function CompareView({
  address,
  inForce,
  go,
}: {
  readonly address: GuidelineAddress;
  readonly inForce: string;
  readonly go: (change: Partial<GuidelineAddress>) => void;
}) {
  const words = useWords(compareWords);
  const language = useLanguage();
  const { roles } = useMe();
  const { data, error, refetch } = useQuery(guidelinesQuery);
  const known = data?.items ?? [];
  const others = known.filter((one) => nameOf(one) !== inForce && !inForce.startsWith(`${one.id}@`));
  const chosen = address.with ?? [inForce, ...others.slice(0, 1).map(nameOf)];
  const mayReadPatients = roles.some((role) => READS_PATIENTS.includes(role));
  const isInvented = address.who === 'invented';
  return (
    <div className="guideline-body compare-view">
      <Failure error={error} onRetry={() => void refetch()} />
      <div className="compare-choices">
        {mayReadPatients && (
          <Choices
            label={words.who}
            value={isInvented ? 'invented' : 'patient'}
            options={[
              { value: 'invented', text: words.invented },
              { value: 'patient', text: words.patient },
            ]}
            onValue={(who) => go({ who: who as GuidelineAddress['who'], patient: undefined })}
          />
        )}
        <CheckList
          label={words.guidelines}
          entries={known.map((one) => ({
            id: nameOf(one),
            text: `${one.title[language]} ${one.version}`,
            isFixed: chosen.length === 1 && chosen[0] === nameOf(one),
          }))}
          chosen={chosen}
          onChosen={(names) => go({ with: names })}
        />
      </div>
      {isInvented ? (
        <InventedComparison guidelines={chosen} />
      ) : (
        <PatientComparison
          patientId={address.patient}
          guidelines={chosen}
          onPatient={(patient) => go({ patient })}
        />
      )}
    </div>
  );
}
