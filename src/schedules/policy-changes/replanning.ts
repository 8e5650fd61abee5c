import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { Patient } from '../../patients/patient.entity.js';
import { LOCKED_PATIENT, PatientsService } from '../../patients/patients.service.js';
import { SchedulesService } from '../schedules.service.js';
import { isStale } from '../stale-plans.js';

/**
 * Computes stale plans again, by the policy in force and this program's planner. Each patient's row names the
 * versions by which its plan was computed, so any number of processes may work at once, and may be killed.
 */
@Injectable()
export class Replanning {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /** Replans at most `limit` patients with stale plans; returns how many. */
  async nextBatch(limit: number): Promise<number> {
    return this.revise(limit, (behind) => behind);
  }

  /** The same for patients with a due reminder only. */
  async beforeReminders(limit: number): Promise<number> {
    return this.revise(limit, (behind, today) =>
      behind.andWhere(
        `patient.id IN (SELECT patient_id FROM surveillance_item
                         WHERE hospital_id = :id AND next_reminder_on <= :today)`,
        { today },
      ),
    );
  }

  /** Replans one patient, also an erased or merged one. */
  async ofPatient(patientId: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId, { evenErased: true, evenMerged: true });
      await this.schedules.revise(tx, [patient], null);
    });
  }

  /** Marks the running rollout as applied or undone, if no patient is left. */
  async finish(): Promise<void> {
    await this.scope.transaction(({ db, hospital }) =>
      db.query(
        `UPDATE plan_change c
            SET state = CASE c.state WHEN 'applying' THEN 'applied' ELSE 'undone' END,
                patients_total = p.count, patients_done = p.count, changed_at = program_now()
           FROM hospital h, (SELECT count(*) AS count FROM patient WHERE hospital_id = $1) AS p
          WHERE h.id = $1 AND c.hospital_id = h.id AND c.state IN ('applying', 'undoing')
            AND NOT EXISTS (SELECT FROM patient WHERE hospital_id = h.id AND policy_version < h.policy_version)`,
        [hospital.id],
      ),
    );
  }

  private async revise(
    limit: number,
    narrow: (behind: SelectQueryBuilder<Patient>, today: string) => SelectQueryBuilder<Patient>,
  ): Promise<number> {
    return this.scope.transaction(async (tx) => {
      const { id } = tx.hospital;
      const behind = tx.db
        .createQueryBuilder(Patient, 'patient')
        .where(`patient.hospitalId = :id AND ${isStale('patient')}`, { id });
      // A locked patient is skipped: the transaction with the lock replans it.
      const patients = await narrow(behind, tx.today)
        .limit(limit)
        .setLock(LOCKED_PATIENT.mode)
        .setOnLocked('skip_locked')
        .getMany();
      if (patients.length > 0) await this.schedules.revise(tx, patients, null);
      return patients.length;
    });
  }
}
