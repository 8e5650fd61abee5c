import { parseArgs } from 'node:util';
import { replaceAdministratorKey } from '../accounts/api-keys/administrator-keys.js';
import { FieldCipher } from '../encryption/field-cipher.js';
import { nextKey, resealWithMasterKey } from '../key-rotation/change-master-key.js';
import { WrongMasterKey } from '../key-rotation/master-key.js';
import { SecretBox } from '../encryption/secret-box.js';
import { stopClock } from '../platform/database/clock.js';
import { ALL_TABLES } from '../app/personal-data.js';
import { openDatabase, reachDatabase } from '../app/database.js';
import { HOSPITALS_FIRST_FIRST } from '../tenancy/first-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { startProgram } from '../app/program.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';

/**
 * `bin/nedwatch keys status | rotate | new-admin | change-master`: prints one line for each hospital; a new
 * administrator secret; the result of a change of the master key.
 */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { hospital: { type: 'string' }, revoke: { type: 'boolean', default: false } },
  });
  const [what = '', ...others] = positionals;
  if (others.length > 0 || !['status', 'rotate', 'new-admin', 'change-master'].includes(what))
    throw new BadUsage(msg('keys-usage'));
  if (values.revoke && what !== 'new-admin') throw new BadUsage(msg('keys-revoke-usage'));
  if (what === 'change-master') return changeMaster(config);
  if (what === 'new-admin') return newAdministrator(config, values.hospital, values.revoke);
  const program = await startProgram({ ...config, role: 'api' });
  try {
    const [scope, cipher] = [program.app.get(HospitalScope), program.app.get(FieldCipher)];
    const hospitals = await scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(
        'SELECT id FROM hospital WHERE $1::text IS NULL OR id::text = $1 ORDER BY id',
        [values.hospital ?? null],
      ),
    );
    if (hospitals.length === 0) throw new BadUsage(msg('no-such-hospital', { name: values.hospital ?? '' }));
    for (const { id } of hospitals) {
      const message = await scope.run(id, async () => {
        if (what === 'rotate') {
          const number = await scope.transaction((tx) => cipher.rotate(tx.db, tx.hospital.id));
          await scope.recordAlone('keys rotate', {});
          return msg('key-rotated', { number });
        }
        return scope.unaudited(statusOf);
      });
      process.stdout.write(`${render(msg('of-hospital', { id, what: message }), config.language)}\n`);
    }
    return 0;
  } finally {
    await program.close();
  }
}

/** Makes an administrator key even where the program does not start: it needs only the database. */
async function newAdministrator(
  config: Config,
  hospital: string | undefined,
  revokeOthers: boolean,
): Promise<number> {
  const database = await openDatabase(config);
  try {
    const scope = new HospitalScope(database.dataSource, new FieldCipher(new SecretBox(config)));
    const hospitals = await scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(`SELECT id FROM ${HOSPITALS_FIRST_FIRST}`),
    );
    if (hospitals.length === 0) throw new BadUsage(msg('new-admin-no-hospital'));
    const id = hospital ?? hospitals[0]?.id ?? '';
    if (!hospitals.some((known) => known.id === id))
      throw new BadUsage(msg('no-such-hospital', { name: id }));
    const isFirst = id === hospitals[0]?.id;
    const { key, revoked } = await replaceAdministratorKey(scope, id, { isFirst, revokeOthers });
    const others = revokeOthers ? msg('secrets-revoked', { revoked }) : msg('secrets-still-taken');
    const note = msg('of-hospital', { id, what: others });
    process.stdout.write(`${render(msg('administrator-secret', { secret: key }), config.language)}\n`);
    process.stderr.write(`${render(note, config.language)}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

/** Changes everything or nothing: one transaction, while no other process runs. */
async function changeMaster(config: Config): Promise<number> {
  const database = await reachDatabase(config);
  try {
    return await database.asOwner(async (owner) => {
      const session = owner.createQueryRunner();
      try {
        if (!(await stopClock(session, database.patience))) throw new BadUsage(msg('master-others-run'));
        const next = nextKey(config);
        if (!next) throw new BadUsage(msg('master-key-missing'));
        await session.startTransaction();
        const count = await resealWithMasterKey(session.manager, ALL_TABLES, new SecretBox(config), next.box);
        await session.commitTransaction();
        const changed = msg('master-changed', { count, next: next.putInForce() });
        process.stdout.write(`${render(changed, config.language)}\n`);
        return 0;
      } finally {
        if (session.isTransactionActive) await session.rollbackTransaction();
        await session.release();
      }
    });
  } catch (error) {
    if (!(error instanceof WrongMasterKey)) throw error;
    throw new BadUsage(msg('master-not-changed', { why: error.text }));
  } finally {
    await database.close();
  }
}

async function statusOf({ db, hospital }: HospitalTransaction): Promise<Message> {
  const rows = await db.query<{ number: number | null; patients: number }[]>(
    `SELECT CASE WHEN name LIKE 'sealed:1:%' THEN split_part(name, ':', 3)::integer END AS number, count(*) AS patients
       FROM patient WHERE hospital_id = $1 GROUP BY 1 ORDER BY 1`,
    [hospital.id],
  );
  const keys = await db.query<{ number: number; done: boolean }[]>(
    `SELECT number, resealed_at IS NOT NULL AS done FROM hospital_key WHERE hospital_id = $1 AND number > 0 ORDER BY number DESC LIMIT 1`,
    [hospital.id],
  );
  const [newest] = keys;
  const state =
    newest === undefined
      ? msg('no-key-yet')
      : msg(newest.done ? 'newest-key-done' : 'newest-key-resealing', { number: newest.number });
  return rows.reduce((before, { number, patients }) => {
    const counted =
      number === null
        ? msg('patients-in-clear', { patients })
        : msg('patients-under-key', { patients, number });
    return msg('two-clauses', { before, after: counted });
  }, state);
}
