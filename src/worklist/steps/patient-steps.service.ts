import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { ActivityCode } from '../../guideline/guideline.js';
import { PatientsService } from '../../patients/patients.service.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import type { ItemStepRecord } from './item-step.entity.js';
import { stepsOfPatient } from './step-history.js';

/** A step of a person, with the activity of its item. */
export interface StepOfPatient {
  readonly record: ItemStepRecord;
  readonly activity: ActivityCode;
}

@Injectable()
export class PatientStepsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** The steps about all items of a patient, the newest first, older than the step `before`; one more than `limit` says that there are more. */
  async list(
    patientId: string,
    limit: number,
    before: string | undefined,
  ): Promise<readonly StepOfPatient[]> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const records = await stepsOfPatient(tx, patientId, { limit: limit + 1, before });
      const items = await tx.db.find(SurveillanceItem, {
        select: { id: true, activity: true },
        where: { hospitalId: tx.hospital.id, id: In(records.map(({ itemId }) => itemId)) },
      });
      const activities = new Map(items.map(({ id, activity }) => [id, activity]));
      return records.map((record) => ({ record, activity: activities.get(record.itemId) ?? '' }));
    });
  }
}
