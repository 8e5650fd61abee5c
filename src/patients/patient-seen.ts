import { type EntitySubscriberInterface, EventSubscriber } from 'typeorm';
import { notePatient } from '../tenancy/hospital-scope.js';
import { Patient } from './patient.entity.js';

/** Notes every loaded patient for the audit entry of the transaction, so that no service can forget it. */
@EventSubscriber()
export class PatientSeen implements EntitySubscriberInterface<Patient> {
  listenTo(): typeof Patient {
    return Patient;
  }

  afterLoad({ id }: Patient): void {
    notePatient(id);
  }
}
