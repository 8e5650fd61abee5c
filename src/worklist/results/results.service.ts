import { Injectable } from '@nestjs/common';
import { ACTIVITIES_WITH_FINDINGS, type FindingDeclaration, findingsOf } from '../../guideline/findings.js';
import { activityRecorded } from '../../guideline/recorded-exam.js';
import { DomainError, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { openEvents } from '../../patients/event-text.js';
import type { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { factOf } from '../../patients/recorded-events.js';
import { authorOf } from '../../tenancy/author.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import { refusalToSee } from './result-access.js';

/** The exam that a result belongs to, with its patient, who is locked until the transaction ends. */
export interface LockedResult {
  readonly patient: Patient;
  readonly event: ClinicalEvent;
  readonly activity: string;
}

/** A kind of finding that exams of an activity can have. */
export interface FindingKind extends FindingDeclaration {
  readonly activity: string;
  readonly kind: string;
}

/** The results of recorded exams. A result has the id of the event that records the exam. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** What exams can find, by activity. */
  async findingKinds(): Promise<FindingKind[]> {
    return this.scope.transaction(() =>
      Promise.resolve(
        ACTIVITIES_WITH_FINDINGS.flatMap((activity) =>
          Object.entries(findingsOf(activity)).map(([kind, declared]) => ({ activity, kind, ...declared })),
        ),
      ),
    );
  }

  /** Records who has seen a result. The first one counts: repeated, it changes nothing. */
  async seen(id: string, givenAuthor: string | undefined): Promise<LockedResult> {
    return this.scope.transaction(async (tx) => {
      const author = authorOf(tx.caller, givenAuthor);
      const result = await this.lock(tx, id, 'result');
      const { event, patient } = result;
      refuseVoided(event);
      if (event.seenAt !== null) return result;
      const settings = (await worklistSettings(tx)).results;
      const refusal = refusalToSee(event, tx.caller, author, settings);
      if (refusal) throw refusal;
      const seen = { seenAt: tx.now, seenBy: author };
      await tx.db.update(ClinicalEvent, { id, hospitalId: tx.hospital.id }, seen);
      await recordChange(tx, { patientId: patient.id, kind: 'result' });
      return { ...result, event: { ...event, ...seen } };
    });
  }

  /** The exam with this id and its patient, who is locked. Refuses (404) an event that records no exam. */
  async lock(tx: HospitalTransaction, id: string, what: 'result' | 'review'): Promise<LockedResult> {
    const which = { id, hospitalId: tx.hospital.id };
    const found = await tx.db.findOneBy(ClinicalEvent, which);
    if (!found) throw notFound(what, id);
    const patient = await this.patients.lock(tx, found.patientId);
    const [event] = await openEvents(tx, [await tx.db.findOneByOrFail(ClinicalEvent, which)]);
    const activity = event ? activityRecorded(factOf(event), tx.hospital.guideline ?? {}) : null;
    if (!event || activity === null) throw notFound(what, id);
    return { patient, event, activity };
  }
}

/** Refuses (409) to go on with an exam that was voided. */
export function refuseVoided({ voidedAt }: ClinicalEvent): void {
  if (voidedAt !== null)
    throw new DomainError('conflict', 'result-voided', msg('result-voided', { at: voidedAt.toISOString() }));
}
