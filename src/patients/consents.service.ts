import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { authorOf } from '../tenancy/author.js';
import type { SealContext } from '../encryption/hospital-keys.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { invalid } from '../platform/domain-error.js';
import { defaultConsent } from './consent.js';
import { CHANNELS, type Channel, PatientConsent } from './patient-consent.entity.js';
import { PatientsService } from './patients.service.js';
import type { ConsentInput, ConsentsView } from './consent-schemas.js';
import { DELIVERIES_ABOUT } from '../webhooks/deliveries/delivery-outbox.js';
import { DeliveryDispatch } from '../webhooks/deliveries/delivery-dispatch.js';
import { msg } from '../platform/messages/dictionary.js';

const noteOf = (row: string): SealContext => ({ table: 'patient_consent', column: 'note', row });

/** What patients said about being told, and told about. */
@Injectable()
export class Consents {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly dispatch: DeliveryDispatch,
  ) {}

  /**
   * Records it. Once withdrawn, no message leaves by that channel any more, those under way included; given again,
   * what was withheld meanwhile and still stands is sent.
   */
  async record(patientId: string, input: ConsentInput): Promise<ConsentsView> {
    const view = await this.scope.transaction(async (tx) => {
      const author = authorOf(tx.caller, input.author);
      const { id: row } = await this.patients.lock(tx, patientId);
      refuseFuture(tx, input);
      const id = uuid();
      const { channel, decision, decidedOn = tx.today, note } = input;
      await tx.db.insert(PatientConsent, {
        ...{ id, hospitalId: tx.hospital.id, patientId: row, channel, decision, decidedOn, author },
        note: note === undefined ? null : (await tx.keys()).seal(note, noteOf(id)),
        recordedAt: tx.now,
      });
      if (channel === 'webhook' && decision === 'given') await sendWithheld(tx, patientId);
      return this.viewOf(tx, patientId);
    });
    this.dispatch.soon();
    return view;
  }

  async list(patientId: string): Promise<ConsentsView> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      return this.viewOf(tx, patientId);
    });
  }

  private async viewOf(tx: HospitalTransaction, patientId: string): Promise<ConsentsView> {
    const where = { hospitalId: tx.hospital.id, patientId };
    const said = await tx.db.find(PatientConsent, { where, order: { ordinal: 'DESC' } });
    const keys = await tx.keys(said.map(({ note }) => note));
    return {
      channels: CHANNELS.map((channel) => ({ channel, allowed: isAllowed(channel, said) })),
      items: said.map(({ id, channel, decision, decidedOn, author, note, recordedAt }) => ({
        ...{ id, channel, decision, decidedOn, author },
        note: note === null ? null : keys.open(note, noteOf(id)),
        recordedAt: recordedAt.toISOString(),
      })),
    };
  }
}

/** By what was recorded last; `said` has the newest first. */
function isAllowed(channel: Channel, said: readonly PatientConsent[]): boolean {
  const newest = said.find((one) => one.channel === channel);
  return newest ? newest.decision === 'given' : defaultConsent(channel);
}

function refuseFuture({ today }: HospitalTransaction, { decidedOn }: ConsentInput): void {
  if (decidedOn === undefined || decidedOn <= today) return;
  const message = msg('said-in-future', { date: decidedOn, today });
  throw invalid('invalid-input', message, [{ pointer: '/decidedOn', code: 'in-the-future', message }]);
}

/** Opens the messages about the patient again that were withheld. What no longer stands is found out in the claim. */
async function sendWithheld({ db, hospital }: HospitalTransaction, patientId: string): Promise<void> {
  await db.query(
    `UPDATE delivery d SET state = 'pending', next_attempt_at = program_now(), cancelled_reason = NULL, body = NULL,
            earlier_attempts = d.attempts
      WHERE d.hospital_id = $1 AND d.id IN (${DELIVERIES_ABOUT})
        AND d.state = 'cancelled' AND d.cancelled_reason = 'consent-withdrawn'`,
    [hospital.id, patientId],
  );
}
