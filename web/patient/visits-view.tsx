import type { Patient } from '../calls/patients.js';
import { AppointmentList } from './appointment-list.js';
import { ContactList } from './contact-list.js';
import type { PatientActs } from './patient-acts.js';
import { RelativeList } from './relative-list.js';

/** Appointments, the attempts to reach the patient, and the people through whom it works. */
export default function VisitsView({
  patient,
  acts,
}: {
  readonly patient: Patient;
  readonly acts: PatientActs | undefined;
}) {
  return (
    <div className="patient-view">
      <AppointmentList patientId={patient.id} mayCare={acts !== undefined} />
      {acts && (
        <>
          <ContactList patientId={patient.id} acts={acts} />
          <RelativeList patientId={patient.id} />
        </>
      )}
    </div>
  );
}
