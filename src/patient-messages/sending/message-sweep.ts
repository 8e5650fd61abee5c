import { Injectable } from '@nestjs/common';
import { TrustedClock } from '../../reminders/trusted-clock.js';
import { eachHospital } from '../../tenancy/each-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { messageSettings } from '../settings/message-settings.js';
import { OCCASIONS } from '../settings/occasions.js';
import { announceCalls } from './call-announcements.js';
import { candidatesFor } from './message-candidates.js';
import { recordMessages } from './message-recording.js';

/** So many batches of one hospital, before others have their turn. */
const BATCHES = 20;

/**
 * Finds the facts of which patients are to be informed, and records a message for each. Sends nothing: the claim of an attempt
 * decides whether a message may leave.
 */
@Injectable()
export class MessageSweep {
  constructor(
    private readonly scope: HospitalScope,
    private readonly clock: TrustedClock,
  ) {}

  /**
   * Records the messages of all hospitals. Idempotent, and safe in several processes at once. A failure in one hospital does
   * not stop the others; the errors are thrown at the end. Records nothing while the clock is in doubt.
   */
  async sweep(): Promise<void> {
    const hospitals = await this.clock.hospitals();
    await eachHospital(this.scope, hospitals, 'The sweep of messages', () => this.sweepHospital());
  }

  private async sweepHospital(): Promise<void> {
    for (let batch = 0; batch < BATCHES; batch++)
      if ((await this.scope.transaction(recordNext)) === 0) return;
  }
}

/** Returns the number of messages recorded. The lock on the settings keeps other sweeps of the hospital out. */
async function recordNext(tx: HospitalTransaction): Promise<number> {
  if ((await messageSettings(tx)) === null) return announceCalls(tx, null);
  const current = await messageSettings(tx, 'FOR UPDATE SKIP LOCKED');
  if (current === null) return 0; // another process sweeps this hospital
  const { settings, enabledSince: since } = current;
  if (!settings.enabled || since === null) return announceCalls(tx, null);
  let recorded = await announceCalls(tx, settings);
  for (const occasion of OCCASIONS) {
    if (!settings.occasions[occasion]) continue;
    recorded += await recordMessages(tx, await candidatesFor(tx, occasion, { settings, since }), settings);
  }
  return recorded;
}
