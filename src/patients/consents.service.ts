import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { authorOf } from '../tenancy/author.js';
import type { SealContext } from '../encryption/hospital-keys.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { invalid } from '../platform/domain-error.js';
import { defaultConsent } from './consent.js';
import { CHANNELS, type Channel, PatientConsent } from './patient-consent.entity.js';
import { PatientsService } from './patients.service.js';
import { type ConsentInput, type ConsentsView, MOST_CONSENTS_SHOWN } from './consent-schemas.js';
import { msg } from '../platform/messages/dictionary.js';

const noteOf = (row: string): SealContext => ({ table: 'patient_consent', column: 'note', row });

/** Consents of patients to messages, and their withdrawals. */
@Injectable()
export class Consents {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /**
   * Records a consent or its withdrawal. After a withdrawal no message leaves by that channel, including messages
   * that wait for their next attempt. Consent to webhooks is marked for the relay, which opens the withheld
   * deliveries again.
   */
  async record(patientId: string, input: ConsentInput): Promise<ConsentsView> {
    return this.scope.transaction(async (tx) => {
      const { id } = await this.patients.lock(tx, patientId);
      await this.recordOf(tx, id, input);
      return this.viewOf(tx, patientId);
    });
  }

  /** The same for a patient whom the transaction has locked. */
  async recordOf(tx: HospitalTransaction, patientId: string, input: ConsentInput): Promise<void> {
    const author = authorOf(tx.caller, input.author);
    refuseFuture(tx, input);
    const id = uuid();
    const { channel, decision, decidedOn = tx.today, note } = input;
    await tx.db.insert(PatientConsent, {
      ...{ id, hospitalId: tx.hospital.id, patientId, channel, decision, decidedOn, author },
      note: note === undefined ? null : (await tx.keys()).seal(note, noteOf(id)),
      recordedAt: tx.now,
      awaitingRelaySince: channel === 'webhook' && decision === 'given' ? tx.now : null,
    });
  }

  async list(patientId: string): Promise<ConsentsView> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      return this.viewOf(tx, patientId);
    });
  }

  private async viewOf(tx: HospitalTransaction, patientId: string): Promise<ConsentsView> {
    const where = { hospitalId: tx.hospital.id, patientId };
    const order = { ordinal: 'DESC' } as const;
    const consents = await tx.db.find(PatientConsent, { where, order, take: MOST_CONSENTS_SHOWN });
    const newest = [...consents];
    for (const channel of CHANNELS) {
      if (newest.some((one) => one.channel === channel)) continue;
      newest.push(...(await tx.db.find(PatientConsent, { where: { ...where, channel }, order, take: 1 })));
    }
    const keys = await tx.keys(consents.map(({ note }) => note));
    return {
      channels: CHANNELS.map((channel) => ({ channel, allowed: isAllowed(channel, newest) })),
      items: consents.map(({ id, channel, decision, decidedOn, author, note, recordedAt }) => ({
        ...{ id, channel, decision, decidedOn, author },
        note: note === null ? null : keys.open(note, noteOf(id)),
        recordedAt: recordedAt.toISOString(),
      })),
    };
  }
}

/** The newest consent to the channel decides; `consents` is sorted with the newest first. */
export function isAllowed(
  channel: Channel,
  consents: readonly Pick<PatientConsent, 'channel' | 'decision'>[],
): boolean {
  const newest = consents.find((one) => one.channel === channel);
  return newest ? newest.decision === 'given' : defaultConsent(channel);
}

function refuseFuture({ today }: HospitalTransaction, { decidedOn }: ConsentInput): void {
  if (decidedOn === undefined || decidedOn <= today) return;
  const message = msg('said-in-future', { date: decidedOn, today });
  throw invalid('invalid-input', message, [{ pointer: '/decidedOn', code: 'in-the-future', message }]);
}
