import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Program } from '../src/app/program.js';
import { ImportsService } from '../src/exchange/imports/imports.service.js';
import { Patient } from '../src/patients/patient.entity.js';
import { CHECKOUT } from '../src/platform/checkout.js';
import { insertItems } from '../src/schedules/item-rows.js';
import type { ItemRow } from '../src/schedules/planned-row.js';
import { storedPlan } from '../src/schedules/stored-plan.js';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../src/tenancy/hospital-scope.js';

/** The load of the demonstration cohort, beside a bare insert of a row for every item of its plans. */
export interface Enrolment {
  /** In seconds, plans included. */
  readonly load: number;
  readonly bare: number;
  readonly rows: number;
  /** The bytes of a patient by table, with indexes. */
  readonly sizes: string;
}

const TABLES = ['patient', 'clinical_event', 'surveillance_item'];

/** The bytes of these tables with indexes, divided by the number of patients in the database. */
export async function bytesPerPatient({ database }: Program): Promise<string> {
  const tables = await database.asOwner((owner) =>
    owner.query<{ name: string; perPatient: number }[]>(
      `SELECT name, (pg_total_relation_size(name::regclass) / (SELECT count(*) FROM patient))::integer AS "perPatient"
         FROM unnest($1::text[]) AS tables (name)`,
      [TABLES],
    ),
  );
  const all = tables.reduce((sum, { perPatient }) => sum + perPatient, 0);
  return `${all} bytes a patient: ${tables.map(({ name, perPatient }) => `${name} ${perPatient}`).join(', ')}`;
}

/** Loads the cohort into an empty database, and leaves its patients and events there. */
export async function measureEnrolment(program: Program): Promise<Enrolment> {
  const scope = program.app.get(HospitalScope);
  const hospitalId = await firstHospital(scope);
  await emptyPatients(program);
  const plans = new Map<string, ItemRow>();
  let load = 0;
  for (const kind of ['roster', 'events'] as const) {
    const file = await readFile(join(CHECKOUT, 'demo', `${kind}.csv`));
    load += await seconds(() =>
      scope.run(hospitalId, () =>
        program.app
          .get(ImportsService)
          .importFile(Readable.from([file]), { kind, dryRun: false, acceptGood: false }),
      ),
    );
    for (const item of await scope.run(hospitalId, () => scope.transaction(wholePlans)))
      plans.set(`${item.patientId} ${item.key}`, item);
  }
  const sizes = await bytesPerPatient(program);
  const rows = [...plans.values()];
  await program.database.asOwner((owner) => owner.query('TRUNCATE surveillance_item CASCADE'));
  const bare = await seconds(() =>
    scope.run(hospitalId, () => scope.transaction(({ db }) => insertItems(db, rows))),
  );
  return { load, bare, rows: rows.length, sizes };
}

export const emptyPatients = ({ database }: Program): Promise<unknown> =>
  database.asOwner((owner) => owner.query('TRUNCATE surveillance_item, clinical_event, patient CASCADE'));

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
