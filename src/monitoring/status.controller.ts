import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { administratorKeysInUse } from '../tenancy/administrator-keys-in-use.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { LEASE_MS } from '../webhooks/deliveries/due-deliveries.js';
import { missingYear } from '../work-calendar/calendar-watch.js';
import { countUnowned, MOST_COUNTED } from '../worklist/ownership/workloads.service.js';
import { WebhookEndpointView } from '../webhooks/webhook-schemas.js';

const instant = z.iso.datetime();

const StatusView = z
  .object({
    asOf: instant,
    timeZone: z.string().describe('Of the hospital; people read instants in it'),
    hospital: z.string().describe('Its name'),
    deliveries: z.object({
      pending: z.int(),
      due: z.int().describe('Of these, those whose attempt should have begun'),
      oldestDueSeconds: z.number().describe('Since when the oldest of them should have; 0 when none should'),
    }),
    sweptAt: instant
      .nullable()
      .describe('When reminders were last looked for; longer than two minutes ago means that no worker does'),
    events: z.object({
      position: z.int().describe('Of the newest event in GET /events'),
      waiting: z.int().describe('Not passed on yet; more than a second’s worth means that no worker runs'),
    }),
    endpoints: z.array(
      WebhookEndpointView.pick({
        id: true,
        url: true,
        state: true,
        failingSince: true,
        heldReason: true,
      }).extend({
        pending: z.int(),
        inFlight: z.int().describe('Of these, those whose attempt is being made or comes next'),
        failedLately: z.int().describe('Attempts of the last 24 hours that the receiver did not take'),
        lastSequence: z.int(),
        lastDeliveredAt: instant.nullable(),
        acknowledgedThrough: z
          .int()
          .describe('The highest number that the receiver has acknowledged; 0: none'),
      }),
    ),
    examination: z
      .object({
        madeAt: instant,
        violations: z
          .record(z.string(), z.int())
          .describe('By check, as bin/nedwatch doctor names them; all must be 0'),
      })
      .nullable()
      .describe('The last nightly one'),
  })
  .extend({
    patientMessages: z.object({
      pending: z.int().describe('Messages to patients that were not sent yet'),
      oldestDueSeconds: z
        .number()
        .describe('Since when the oldest of them should have been attempted; 0 when none should'),
      uncertain: z
        .int()
        .describe('Those that the gateway may have taken: GET /patient-messages/uncertain names them'),
      gatewayPausedUntil: instant.nullable().describe('No message leaves before this instant'),
    }),
    hl7Messages: z
      .object({
        applied: z.int(),
        noted: z.int(),
        refused: z.int().describe('GET /hl7v2-messages?outcome=refused names them, with the reason'),
        lastReceivedAt: instant.nullable().describe('Of the last 24 hours, as all of these'),
      })
      .describe('HL7 v2 messages of the last 24 hours, by what became of them'),
    unownedPatients: z
      .int()
      .describe(
        `Patients with open items who have no owner of their own (GET /patients/unowned); counted up to ${MOST_COUNTED}`,
      ),
    calendarYearMissing: z
      .int()
      .nullable()
      .describe(
        'From November on: the next year, while its public holidays are missing (POST /work-calendar/imports)',
      ),
    administratorKeys: z
      .array(z.object({ id: z.uuid(), lastFour: z.string().nullable(), lastUsedAt: instant.nullable() }))
      .describe(
        'Administrator secrets of the start or the command line that are still taken although the hospital has an administrator: revoke them',
      ),
  })
  .meta({ id: 'Status' });
type StatusView = z.output<typeof StatusView>;

type Figure = 'pending' | 'due' | 'oldestDueSeconds' | 'position' | 'waiting';
type FigureRow = Readonly<Record<Figure, number>> & { readonly name: string; readonly sweptAt: Date | null };

interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly failingSince: Date | null;
  readonly heldReason: string | null;
  readonly lastSequence: number;
  readonly pending: number;
  readonly inFlight: number;
  readonly failedLately: number;
  readonly lastDeliveredAt: Date | null;
  readonly acknowledgedThrough: number;
}

/** The state of delivery in one hospital, for its technicians. */
@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('status')
export class StatusController {
  constructor(private readonly scope: HospitalScope) {}

  @Get()
  @ApiOperation({ summary: 'What waits, what fails, and what the last examination found' })
  @ApiResponse({ status: 200, standardSchema: StatusView })
  async show(): Promise<StatusView> {
    return this.scope.transaction(async (tx) => ({
      asOf: tx.now.toISOString(),
      timeZone: tx.hospital.timeZone,
      ...(await figuresOf(tx)),
      endpoints: await endpointsOf(tx),
      examination: await lastAudit(tx),
      patientMessages: await patientMessagesOf(tx),
      hl7Messages: await hl7MessagesOf(tx),
      unownedPatients: await countUnowned(tx),
      calendarYearMissing: await missingYear(tx),
      administratorKeys: (await administratorKeysInUse(tx.db, tx.hospital.id)).map((key) => ({
        ...key,
        lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
      })),
    }));
  }
}

async function figuresOf({
  db,
  hospital,
  now,
}: HospitalTransaction): Promise<Pick<StatusView, 'hospital' | 'deliveries' | 'sweptAt' | 'events'>> {
  const [{ name, sweptAt, pending, due, oldestDueSeconds, position, waiting }] = await db.query<[FigureRow]>(
    `SELECT (SELECT name FROM hospital WHERE id = $1) AS name,
            (SELECT swept_at FROM reminder_sweep WHERE hospital_id = $1) AS "sweptAt",
            count(*)::integer AS pending, count(*) FILTER (WHERE next_attempt_at <= $2)::integer AS due,
            greatest(0, coalesce(extract(epoch FROM $2::timestamptz - min(next_attempt_at)), 0))::float8 AS "oldestDueSeconds",
            (SELECT coalesce(max(last_position), 0)::integer FROM event_feed WHERE hospital_id = $1) AS position,
            (SELECT count(*)::integer FROM surveillance_event WHERE hospital_id = $1 AND (position IS NULL OR awaiting_relay_since IS NOT NULL)) AS waiting
       FROM delivery WHERE hospital_id = $1 AND state = 'pending'`,
    [hospital.id, now],
  );
  return {
    ...{ hospital: name, deliveries: { pending, due, oldestDueSeconds } },
    ...{ sweptAt: sweptAt?.toISOString() ?? null, events: { position, waiting } },
  };
}

// A lease exists without an outcome. Deliveries due after the lease could have ended need no further check.
const IN_FLIGHT = `
  d.attempts > 0 AND d.next_attempt_at > $2 AND d.next_attempt_at <= $2::timestamptz + interval '${LEASE_MS} milliseconds'
  AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = d.attempts)`;

async function endpointsOf({ db, hospital, now }: HospitalTransaction): Promise<StatusView['endpoints']> {
  const rows = await db.query<EndpointRow[]>(
    `SELECT e.id, coalesce(e.shown_url, e.url) AS url, e.failing_since AS "failingSince", e.held_reason AS "heldReason", e.last_sequence AS "lastSequence",
            waiting.pending, waiting.in_flight AS "inFlight", coalesce(failed.count, 0) AS "failedLately",
            (SELECT max(delivered_at) FROM delivery d
              WHERE d.hospital_id = $1 AND d.endpoint_id = e.id AND d.state = 'delivered') AS "lastDeliveredAt",
            coalesce((SELECT max(sequence) FROM delivery d
              WHERE d.hospital_id = $1 AND d.endpoint_id = e.id AND d.acknowledged_at IS NOT NULL), 0) AS "acknowledgedThrough"
       FROM webhook_endpoint e
      CROSS JOIN LATERAL (SELECT count(*)::integer AS pending, count(*) FILTER (WHERE ${IN_FLIGHT})::integer AS in_flight FROM delivery d
              WHERE d.hospital_id = $1 AND d.endpoint_id = e.id AND d.state = 'pending') AS waiting
       LEFT JOIN (SELECT d.endpoint_id, count(*)::integer FROM delivery_attempt a JOIN delivery d ON d.hospital_id = $1 AND d.id = a.delivery_id
              WHERE a.hospital_id = $1 AND a.outcome <> 'accepted' AND a.started_at > $2::timestamptz - interval '24 hours'
              GROUP BY d.endpoint_id) AS failed ON failed.endpoint_id = e.id
      WHERE e.hospital_id = $1 AND e.deleted_at IS NULL ORDER BY e.created_at, e.id`,
    [hospital.id, now],
  );
  return rows.map(({ failingSince, heldReason, lastDeliveredAt, ...row }) => ({
    ...row,
    heldReason,
    state: heldReason !== null ? 'held' : failingSince !== null ? 'failing' : 'ok',
    failingSince: failingSince?.toISOString() ?? null,
    lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
  }));
}

async function patientMessagesOf({
  db,
  hospital,
  now,
}: HospitalTransaction): Promise<StatusView['patientMessages']> {
  const [{ pausedUntil, ...figures }] = await db.query<
    [Omit<StatusView['patientMessages'], 'gatewayPausedUntil'> & { readonly pausedUntil: Date | null }]
  >(
    `SELECT count(*) FILTER (WHERE state = 'pending')::integer AS pending,
            count(*) FILTER (WHERE state = 'uncertain')::integer AS uncertain,
            greatest(0, coalesce(extract(epoch FROM $2::timestamptz - min(next_attempt_at)), 0))::float8 AS "oldestDueSeconds",
            (SELECT paused_until FROM message_gateway WHERE hospital_id = $1 AND paused_until > $2) AS "pausedUntil"
       FROM patient_message WHERE hospital_id = $1 AND state IN ('pending', 'uncertain')`,
    [hospital.id, now],
  );
  return { ...figures, gatewayPausedUntil: pausedUntil?.toISOString() ?? null };
}

async function hl7MessagesOf({ db, hospital, now }: HospitalTransaction): Promise<StatusView['hl7Messages']> {
  const [{ last, ...counts }] = await db.query<
    [Omit<StatusView['hl7Messages'], 'lastReceivedAt'> & { readonly last: Date | null }]
  >(
    `SELECT count(*) FILTER (WHERE outcome = 'applied')::integer AS applied, count(*) FILTER (WHERE outcome = 'noted')::integer AS noted,
            count(*) FILTER (WHERE outcome = 'refused')::integer AS refused, max(received_at) AS last
       FROM hl7_message WHERE hospital_id = $1 AND received_at > $2::timestamptz - interval '24 hours'`,
    [hospital.id, now],
  );
  return { ...counts, lastReceivedAt: last?.toISOString() ?? null };
}

async function lastAudit({ db, hospital }: HospitalTransaction): Promise<StatusView['examination']> {
  const [row] = await db.query<{ madeAt: Date; violations: Record<string, number> }[]>(
    'SELECT made_at AS "madeAt", violations FROM examination WHERE hospital_id = $1',
    [hospital.id],
  );
  return row ? { madeAt: row.madeAt.toISOString(), violations: row.violations } : null;
}
