import { type EntitySubscriberInterface, EventSubscriber } from 'typeorm';
import { notePatient } from '../tenancy/hospital-scope.js';
import { Patient } from './patient.entity.js';

/** Whoever loads a patient has seen the patient: no service can forget to say so to the audit. */
@EventSubscriber()
export class PatientSeen implements EntitySubscriberInterface<Patient> {
  listenTo(): typeof Patient {
    return Patient;
  }

  afterLoad({ id }: Patient): void {
    notePatient(id);
  }
}
