import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { firstKey } from '../src/app/first-start.js';
import type { Program } from '../src/app/program.js';
import { LoadCompaction } from '../src/planning/capacity/load-compaction.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { WebhookEndpointsService } from '../src/webhooks/webhook-endpoints.service.js';
import { type FilledHospital, insertedHospital, markOvertaken } from './filled-hospital.js';
import { addressOf, programOn } from './filled-program.js';

/** So many hospitals share the patients of a program. */
export const HOSPITALS = 10;
/** So many of them are filled at once: one for each core. */
const AT_ONCE = 2;

/** A hospital with an endpoint for its reminders. */
export interface ScaledHospital extends FilledHospital {
  readonly endpointId: string;
}

/** A program with its own database of so many patients. */
export interface ScaledProgram {
  readonly patients: number;
  readonly program: Program;
  readonly address: string;
  readonly hospitals: readonly ScaledHospital[];
}

/** The program of this folder, filled unless an earlier run has filled it. */
export async function scaledProgram(
  folder: string,
  patients: number,
  receiver: string,
): Promise<ScaledProgram> {
  const data = join(folder, `patients-${patients}`);
  const key = `nw_${randomUUID()}`;
  const program = await programOn(data, key);
  await program.app.listen(0, '127.0.0.1');
  const file = join(data, 'scaled-hospitals.json');
  const hospitals = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as ScaledHospital[])
    : await fill(program, key, patients);
  if (!existsSync(file)) await writeFile(file, JSON.stringify(hospitals), { mode: 0o600 });
  // An earlier run may have ended before its last delivery.
  await program.database.asOwner((owner) =>
    owner.query(
      `UPDATE delivery SET state = 'cancelled', cancelled_reason = 'settled', next_attempt_at = NULL WHERE state = 'pending'`,
    ),
  );
  // The receiver of an earlier run had another port.
  await program.database.asOwner((owner) =>
    owner.query('UPDATE webhook_endpoint SET url = $1, failing_since = NULL, held_reason = NULL', [receiver]),
  );
  return { patients, program, address: addressOf(program), hospitals };
}

async function fill(program: Program, key: string, patients: number): Promise<ScaledHospital[]> {
  const started = performance.now();
  await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  const hospitals: ScaledHospital[] = [];
  await indexedAfterwards(program, async () => {
    for (let n = 0; n < HOSPITALS; n += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const hospital = await insertedHospital(program, patients / HOSPITALS);
          hospitals.push({ ...hospital, endpointId: await registered(program, hospital) });
        }),
      );
  });
  await program.database.asOwner((owner) => owner.query('ANALYZE'));
  for (const hospital of hospitals) await markOvertaken(program, hospital);
  await program.app.get(LoadCompaction).visitAll();
  await program.database.asOwner(async (owner) => {
    await owner.query('VACUUM FULL ward_load'); // a ward that grows day by day never has so many rows to add up
    await owner.query('VACUUM ANALYZE');
    await owner.query('CHECKPOINT'); // the rows are not written to disk during the measurement
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(`${patients} patients filled in ${seconds.toFixed(0)} s`);
  return hospitals;
}

/**
 * Does the work without the indexes by hospital of the two largest tables: one entry at a time, they take much of the time of a
 * million patients. The others are unique, or triggers use them.
 */
async function indexedAfterwards({ database }: Program, work: () => Promise<void>): Promise<void> {
  const indexes = await database.asOwner((owner) =>
    owner.query<{ name: string; definition: string }[]>(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
        WHERE schemaname = 'public' AND tablename IN ('surveillance_item', 'clinical_event')
          AND indexdef LIKE 'CREATE INDEX % USING btree (hospital_id,%'`,
    ),
  );
  await database.asOwner((owner) => owner.query(`DROP INDEX ${indexes.map(({ name }) => name).join(', ')}`));
  await work();
  for (const { definition } of indexes)
    await database.asOwner((owner) =>
      owner.transaction(async (db) => {
        await db.query(`SET LOCAL maintenance_work_mem = '1GB'`);
        await db.query(definition);
      }),
    );
}

async function registered({ app }: Program, { id }: FilledHospital): Promise<string> {
  const endpoint = await app.get(HospitalScope).run(id, () =>
    app.get(WebhookEndpointsService).register({
      ...{ url: 'http://127.0.0.1:9/', kind: 'webhook', signature: 'hmac', payload: 'thin', format: 'json' },
      ...{ eventTypes: ['surveillance.item.due'], eventVersion: 1, verify: false },
    }),
  );
  return endpoint.id;
}

/** A receiver that accepts every message. */
export async function acceptingReceiver(): Promise<{ url: string; close: () => void }> {
  const server = createServer((message, answer) => {
    message.resume().on('end', () => answer.writeHead(204).end());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, close: () => void server.close() };
}
