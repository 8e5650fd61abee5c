import { Injectable } from '@nestjs/common';
import { PatientsService } from '../../patients/patients.service.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { notePresence, presentNames } from './presence.js';
import { recordChange } from './worklist-changes.js';

/** Who works on which patient at this moment, so that two nurses do not call the same one. */
@Injectable()
export class PresenceService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** Notes that the caller works on the patient for a minute, or no longer. The streams report it when it is new. */
  async note(
    patientId: string,
    isWorking: boolean,
  ): Promise<{ readonly until: Date | null; readonly names: readonly string[] }> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const { until, hasChanged } = await notePresence(tx, patientId, isWorking);
      if (hasChanged) await recordChange(tx, { patientId, kind: 'presence' });
      return { until, names: (await presentNames(tx, [patientId])).get(patientId) ?? [] };
    });
  }
}
