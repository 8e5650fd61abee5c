import type { Patient } from '../calls/patients.js';
import { ConsentSection } from './consent-section.js';
import { DecisionSection } from './decision-section.js';

/** What the patient agreed to, and what clinicians decided. */
export default function AgreedView({
  patient,
  mayCare,
}: {
  readonly patient: Patient;
  readonly mayCare: boolean;
}) {
  return (
    <div className="patient-view">
      <ConsentSection patientId={patient.id} mayCare={mayCare} />
      <DecisionSection patientId={patient.id} mayCare={mayCare} />
    </div>
  );
}
