import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { TABLE_DECLARATIONS, type TableDeclaration } from '../encryption/table-declaration.js';
import { eachHospital } from '../tenancy/each-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { resealedTextsOf, resealTexts, type SealedText, textsBehind, underKey } from './sealed-texts.js';
import { CONFIG, type Config } from '../platform/config.js';
import { PeriodicTask } from '../platform/periodic-task.js';
import {
  type Identity,
  INDEX_VERSION,
  revealIdentities,
  sealIdentities,
  termsFor,
} from '../patients/identity.js';
import type { Patient } from '../patients/patient.entity.js';

const LOOK_EVERY_MS = 30_000;
const BATCH = 200;

// Before that, another process may still seal with the older key, because it caches keys for a minute.
const NEWEST_IN_USE_AFTER = '2 minutes';

/**
 * Seals plain values and values under an older key with the hospital's newest key, and computes outdated search terms
 * again. The rows themselves show the remaining work, so any number of processes may run it at once, and stop at any
 * time.
 */
@Injectable()
export class Resealing implements OnApplicationBootstrap, OnModuleDestroy {
  readonly rounds = new PeriodicTask(() => this.reseal(), new Logger(Resealing.name));
  private readonly texts: readonly SealedText[];
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    @Inject(TABLE_DECLARATIONS) tables: readonly TableDeclaration[],
  ) {
    this.texts = resealedTextsOf(tables);
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    void this.rounds.round();
    this.rounds.every(LOOK_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  /** Reseals everything that is left, in all hospitals. */
  async reseal(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(
        `SELECT h.id FROM hospital h LEFT JOIN LATERAL (
           SELECT resealed_at FROM hospital_key WHERE hospital_id = h.id AND number > 0 ORDER BY number DESC LIMIT 1) AS newest ON true
          WHERE newest.resealed_at IS NULL
             OR EXISTS (SELECT FROM patient WHERE hospital_id = h.id AND index_version < ${INDEX_VERSION}) ORDER BY h.id`,
      ),
    );
    await eachHospital(this.scope, hospitals, 'Resealing', async () => {
      while (!this.stopping && (await this.scope.transaction(resealPatients)) > 0);
      while (
        !this.stopping &&
        (await this.scope.transaction((tx) => resealTexts(tx, this.texts, BATCH))) > 0
      );
      await this.scope.transaction((tx) => finish(tx, textsBehind(this.texts)));
    });
  }
}

/** Returns the number of patients that it resealed. */
async function resealPatients(tx: HospitalTransaction): Promise<number> {
  const { newest } = await tx.keys();
  const patients = await tx.db.query<Patient[]>(
    `SELECT id, name, phone, identity_number AS "identityNumber" FROM patient
      WHERE ${PATIENT_BEHIND} ORDER BY created_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    [tx.hospital.id, underKey(newest)],
  );
  if (patients.length === 0) return 0;
  const revealed = await revealIdentities(tx, patients);
  const identities = [...revealed].map(([id, identity]) => ({ id, ...identity }));
  const shared = await sharedNumbers(tx, identities);
  const sealed = await sealIdentities(
    tx,
    identities.map((one) => ({ ...one, identityShared: shared.has(one.id) })),
  );
  await tx.db.query(
    `UPDATE patient SET name = new.name, phone = new.phone, identity_number = new.identity_number,
            search_terms = (SELECT array_agg(decode(term, 'hex')) FROM unnest(string_to_array(new.terms, ',')) AS term),
            identity_index = new.identity_index, identity_shared = new.identity_shared, index_version = ${INDEX_VERSION}
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::boolean[])
         AS new (id, name, phone, identity_number, terms, identity_index, identity_shared)
      WHERE patient.hospital_id = $1 AND patient.id = new.id`,
    [
      tx.hospital.id,
      [...revealed.keys()],
      sealed.map(({ name }) => name),
      sealed.map(({ phone }) => phone),
      sealed.map(({ identityNumber }) => identityNumber),
      sealed.map(({ blindIndex }) => blindIndex?.map((term) => term.toString('hex')).join(',') ?? null),
      sealed.map(({ identityIndex }) => identityIndex),
      sealed.map(({ identityShared }) => identityShared),
    ],
  );
  return patients.length;
}

/** The patients whose identity number another patient has. The patient who had it first keeps it. */
async function sharedNumbers(
  tx: HospitalTransaction,
  identities: readonly (Identity & { readonly id: string })[],
): Promise<ReadonlySet<string>> {
  const keys = await tx.keys();
  const numbered = identities.flatMap(({ id, identityNumber }) => {
    const [index] = identityNumber === null ? [] : termsFor(keys, 'identityNumber', identityNumber);
    return index ? [{ id, index }] : [];
  });
  const held = await tx.db.query<{ id: string; index: Buffer }[]>(
    'SELECT id, identity_index AS index FROM patient WHERE hospital_id = $1 AND identity_index = ANY($2)',
    [tx.hospital.id, numbered.map(({ index }) => index)],
  );
  const holders = new Map(held.map(({ id, index }) => [index.toString('hex'), id]));
  return new Set(
    numbered.flatMap(({ id, index }) => {
      const holder = holders.get(index.toString('hex')) ?? id;
      holders.set(index.toString('hex'), holder);
      return holder === id ? [] : [id];
    }),
  );
}

/** Marks the newest key as resealed once nothing is left and no process can seal with an older key any more. */
async function finish(tx: HospitalTransaction, textsAreBehind: string): Promise<void> {
  const { newest } = await tx.keys();
  await tx.db.query(
    `UPDATE hospital_key SET resealed_at = program_now()
      WHERE hospital_id = $1 AND number = $3 AND (number = 1 OR created_at <= program_now() - $4::interval)
        AND NOT (EXISTS (SELECT FROM patient WHERE ${PATIENT_BEHIND}) OR ${textsAreBehind})`,
    [tx.hospital.id, underKey(newest), newest, NEWEST_IN_USE_AFTER],
  );
}

// Of an erased patient nothing is left to seal.
const PATIENT_BEHIND = `hospital_id = $1 AND erased_at IS NULL AND (name NOT LIKE $2 OR search_terms IS NULL OR index_version < ${INDEX_VERSION})`;
