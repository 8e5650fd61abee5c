import type { SealContext } from '../../encryption/hospital-keys.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { BegunAttempts } from '../../webhooks/endpoints/attempt-rate.js';
import { type GatewayConfig, gatewayIn } from './gateway-config.js';

/** The gateway of a hospital, as far as it decides about attempts. */
export interface GatewayState {
  /** Null: none is set up. */
  readonly config: GatewayConfig | null;
  readonly pausedUntil: Date | null;
  /** How many attempts in a row had no clear answer. */
  readonly timeouts: number;
  readonly begun: BegunAttempts;
  readonly changedAt: Date;
}

/**
 * Whether a message that the gateway may have taken since this instant can be sent again: the gateway takes a number once,
 * and was not replaced by another one, which does not know the number.
 */
export const repeatsSafely = (
  { config, changedAt }: Pick<GatewayState, 'config' | 'changedAt'>,
  since: Date,
): boolean => config?.deduplicates === true && changedAt <= since;

export const configOf = (hospitalId: string): SealContext => ({
  ...{ table: 'message_gateway', column: 'config', row: hospitalId },
});

/** Locks the gateway: of all processes one claims and records at a time. Creates the row where there is none. */
export async function lockGateway(tx: HospitalTransaction): Promise<GatewayState> {
  const { db, hospital, now } = tx;
  await db.query(
    `INSERT INTO message_gateway (hospital_id, changed_by, changed_at) VALUES ($1, 'nedwatch', $2) ON CONFLICT DO NOTHING`,
    [hospital.id, now],
  );
  const [{ config, ...state }] = await db.query<
    [Omit<GatewayState, 'config'> & { readonly config: string | null }]
  >(
    `SELECT config, paused_until AS "pausedUntil", timeouts, recent_attempts AS begun, changed_at AS "changedAt"
       FROM message_gateway WHERE hospital_id = $1 FOR NO KEY UPDATE`,
    [hospital.id],
  );
  if (config === null) return { ...state, config: null };
  const keys = await tx.keys([config]);
  return { ...state, config: gatewayIn(keys.open(config, configOf(hospital.id))) };
}

/** Remembers attempts for the rate limit. */
export async function noteBegun(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  begun: BegunAttempts,
): Promise<void> {
  await db.query('UPDATE message_gateway SET recent_attempts = $2 WHERE hospital_id = $1', [
    hospital.id,
    JSON.stringify(begun),
  ]);
}

/** Stores how often the gateway did not answer in a row, and until when it is paused. */
export async function noteHealth(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  { timeouts, pausedUntil }: Pick<GatewayState, 'timeouts' | 'pausedUntil'>,
): Promise<void> {
  await db.query('UPDATE message_gateway SET timeouts = $2, paused_until = $3 WHERE hospital_id = $1', [
    hospital.id,
    timeouts,
    pausedUntil,
  ]);
}
