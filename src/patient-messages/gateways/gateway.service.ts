import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config.js';
import { DomainError, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { addressFaults } from '../../webhooks/endpoint-check.js';
import { type GatewayConfig, gatewayIn, type MessageGatewayView, shownAddress } from './gateway-config.js';
import { configOf } from './gateway-rows.js';
import { gatewayRequest } from './gateway-request.js';

type View = z.output<typeof MessageGatewayView>;

/** What stands for a value while the address is checked: host and port must not depend on it. */
const SAMPLE = { number: '13800000000' };

@Injectable()
export class GatewayService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
  ) {}

  /** Refuses (404) while none is set up. */
  async get(): Promise<View> {
    return this.scope.transaction((tx) => viewOf(tx));
  }

  /** Refuses (422) an address to which requests may not go. */
  async replace(config: GatewayConfig): Promise<View> {
    const networks = await this.scope.transaction((tx) => Promise.resolve(tx.hospital.networks));
    const opened = { loopback: this.config.webhookLoopback, networks };
    const faults = await addressFaults('/url', gatewayRequest(config, SAMPLE).url, opened);
    if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const sealed = (await tx.keys()).seal(JSON.stringify(config), configOf(hospital.id));
      await db.query(
        `INSERT INTO message_gateway (hospital_id, config, changed_by, changed_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (hospital_id) DO UPDATE
                SET config = excluded.config, timeouts = 0, paused_until = NULL, changed_by = excluded.changed_by,
                    changed_at = excluded.changed_at`,
        [hospital.id, sealed, caller.name, now],
      );
      return viewOf(tx);
    });
  }
}

interface GatewayRow {
  readonly config: string | null;
  readonly pausedUntil: Date | null;
  readonly waiting: number;
  readonly uncertain: number;
  readonly by: string;
  readonly at: Date;
}

const countOf = (state: string): string => `
  (SELECT count(*)::integer FROM (SELECT FROM patient_message WHERE hospital_id = $1 AND state = '${state}' LIMIT 10000) AS w)`;

async function viewOf(tx: HospitalTransaction): Promise<View> {
  const { db, hospital, now } = tx;
  const [row] = await db.query<GatewayRow[]>(
    `SELECT config, CASE WHEN paused_until > $2 THEN paused_until END AS "pausedUntil", changed_by AS "by", changed_at AS at,
            ${countOf('pending')} AS waiting, ${countOf('uncertain')} AS uncertain
       FROM message_gateway WHERE hospital_id = $1`,
    [hospital.id, now],
  );
  if (row?.config === undefined || row.config === null)
    throw new DomainError('not-found', 'gateway-missing', msg('gateway-missing'));
  const keys = await tx.keys([row.config]);
  const config = gatewayIn(keys.open(row.config, configOf(hospital.id)));
  const { url, method, headers, bodyFormat, body, success, codePath, errorPath, referencePath } = config;
  const { throttled, final, unclear, deduplicates, repeated, templates, perMinute } = config;
  return {
    ...{ url: shownAddress(url), method, headers: Object.keys(headers), bodyFormat, body: body ?? null },
    ...{
      success: success ?? null,
      codePath: codePath ?? null,
      errorPath,
      referencePath: referencePath ?? null,
    },
    ...{ throttled, final, unclear, deduplicates, repeated, templates, perMinute },
    ...{ waiting: row.waiting, uncertain: row.uncertain },
    pausedUntil: row.pausedUntil?.toISOString() ?? null,
    ...{ changedBy: row.by, changedAt: row.at.toISOString() },
  };
}
