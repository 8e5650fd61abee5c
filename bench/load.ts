/**
 * How long the roster of 929 patients and their 780 events take to load, plans included, beside inserting a row
 * for every item that one of the plans held, ten years ahead, with INSERT … SELECT FROM unnest. Prints both and their ratio, and the bytes of a
 * patient in the tables of patients, events and items with their indexes; rounds alternate.
 * Run: npm run bench:load
 */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../src/tenancy/hospital-scope.js';
import { CHECKOUT } from '../src/platform/checkout.js';
import { loadConfig } from '../src/platform/config.js';
import { ImportsService } from '../src/exchange/imports/imports.service.js';
import { startProgram } from '../src/app/program.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { Patient } from '../src/patients/patient.entity.js';
import { insertItems } from '../src/schedules/item-rows.js';
import type { ItemRow } from '../src/schedules/planned-row.js';
import { storedPlan } from '../src/schedules/stored-plan.js';

const ROUNDS = 5;

const SIZES = `
  SELECT name, rows, (pg_total_relation_size(name::regclass) / (SELECT count(*) FROM patient))::integer AS "perPatient"
    FROM (VALUES ('patient', (SELECT count(*) FROM patient)), ('clinical_event', (SELECT count(*) FROM clinical_event)),
                 ('surveillance_item', (SELECT count(*) FROM surveillance_item))) AS tables (name, rows)`;

const data = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
const environment = {
  NEDWATCH_DATA: data,
  NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
  NEDWATCH_LOG: 'warn',
  NEDWATCH_ROLE: 'api',
};
const program = await startProgram(loadConfig({ ...process.env, ...environment }));
try {
  const scope = program.app.get(HospitalScope);
  const asOwner = (statement: string): Promise<unknown> =>
    program.database.asOwner((owner) => owner.query(statement));
  const imports = program.app.get(ImportsService);
  const [roster, events] = await Promise.all(
    ['roster', 'events'].map((name) => readFile(join(CHECKOUT, 'demo', `${name}.csv`))),
  );
  const hospitalId = await firstHospital(scope);

  const sizes = async (): Promise<string> => {
    const tables = (await asOwner(SIZES)) as { name: string; perPatient: number; rows: number }[];
    const all = tables.reduce((sum, { perPatient }) => sum + perPatient, 0);
    const each = tables.map(({ name, perPatient, rows }) => `${name} ${perPatient} (${rows} rows)`);
    return `${all} bytes a patient: ${each.join(', ')}`;
  };

  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await asOwner('TRUNCATE surveillance_item, clinical_event, patient CASCADE');
    const plans = new Map<string, ItemRow>();
    let load = 0;
    for (const [kind, file] of [
      ['roster', roster!],
      ['events', events!],
    ] as const) {
      load += await seconds(() =>
        scope.run(hospitalId, () =>
          imports.importFile(Readable.from([file]), { kind, dryRun: false, acceptGood: false }),
        ),
      );
      for (const item of await scope.run(hospitalId, () => scope.transaction(wholePlans)))
        plans.set(`${item.patientId} ${item.key}`, item);
    }
    const bytes = await sizes();
    const rows = [...plans.values()];
    await asOwner('TRUNCATE surveillance_item CASCADE');
    const bare = await seconds(() =>
      scope.run(hospitalId, () => scope.transaction(({ db }) => insertItems(db, rows))),
    );
    ratios.push(load / bare);
    console.log(
      `round ${round + 1}: load ${load.toFixed(2)} s, bare insert of ${rows.length} rows ${bare.toFixed(2)} s, ratio ${(load / bare).toFixed(2)}, ${bytes}`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`median ratio ${ratios[Math.floor(ROUNDS / 2)]!.toFixed(2)} (at most 1.3)`);
} finally {
  await program.close();
  await removeDataFolder(data);
}

/** The items of all plans as rows, those that have none in the database too. */
async function wholePlans(tx: HospitalTransaction): Promise<ItemRow[]> {
  const rows: ItemRow[] = [];
  for (const { id } of await tx.db.find(Patient, { select: { id: true } }))
    rows.push(...(await storedPlan(tx, id)).items);
  return rows;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
