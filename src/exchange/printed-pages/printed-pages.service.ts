import { Injectable } from '@nestjs/common';
import type { Language } from '../../guideline/guideline.js';
import { revealIdentities } from '../../patients/identity.js';
import { refuseMerged } from '../../patients/merged-records.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { worklistSettings } from '../../worklist/settings/worklist-settings.js';
import { refuseEndedFollowUp } from '../../worklist/steps/ended-follow-up.js';
import { cardPage, letterPage, type PageData } from './page-content.js';
import { datesOf, type PageRoom } from './patient-dates.js';

/** On the card, texts for more dates would be too small to read. */
const ROOM = { card: { dates: 5, prepared: 2 }, letter: { dates: 6, prepared: 6 } } as const;

export type PageKind = keyof typeof ROOM;

/** The pages that a patient is given, made from the stored plan and the appointments. */
@Injectable()
export class PrintedPages {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** Refuses (409) a page for a patient who has died or is no longer followed up, and for a merged or erased record. */
  async page(patientId: string, kind: PageKind, language: Language): Promise<string> {
    const data = await this.scope.transaction((tx) => this.dataOf(tx, patientId, ROOM[kind]));
    return kind === 'card' ? cardPage(data, language) : letterPage(data, language);
  }

  private async dataOf(tx: HospitalTransaction, patientId: string, room: PageRoom): Promise<PageData> {
    const patient = await this.patients.find(tx, patientId);
    await refuseMerged(tx, patient);
    if (patient.erasedAt !== null) throw new DomainError('conflict', 'patient-erased', msg('patient-erased'));
    await refuseEndedFollowUp(tx, patientId);
    const { pages, calls } = await worklistSettings(tx);
    const [{ name: hospitalName }] = await tx.db.query<[{ name: string }]>(
      'SELECT name FROM hospital WHERE id = $1',
      [tx.hospital.id],
    );
    const name = (await revealIdentities(tx, [patient])).get(patientId)?.name ?? '';
    const dates = await datesOf(tx, patientId, room, calls);
    const shown = { id: patientId, name, mrn: patient.mrn };
    return { patient: shown, hospitalName, settings: pages, dates, today: tx.today };
  }
}
