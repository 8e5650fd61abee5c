import { parseArgs } from 'node:util';
import { FieldCipher } from '../access/field-cipher.js';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import type { Config } from '../config.js';
import { startProgram } from '../program.js';
import { BadUsage } from './bad-usage.js';

/** `bin/nedwatch keys status | rotate`: one line a hospital. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { hospital: { type: 'string' } },
  });
  const [what = '', ...others] = positionals;
  if (others.length > 0 || !['status', 'rotate'].includes(what))
    throw new BadUsage('keys: status or rotate?');
  const program = await startProgram({ ...config, role: 'api' });
  try {
    const [scope, cipher] = [program.app.get(HospitalScope), program.app.get(FieldCipher)];
    const hospitals = await scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(
        'SELECT id FROM hospital WHERE $1::text IS NULL OR id::text = $1 ORDER BY id',
        [values.hospital ?? null],
      ),
    );
    if (hospitals.length === 0)
      throw new BadUsage(`--hospital: there is no hospital ${values.hospital ?? ''}.`);
    for (const { id } of hospitals) {
      const said = await scope.run(id, async () => {
        if (what === 'rotate') {
          const number = await scope.transaction((tx) => cipher.rotate(tx.db, tx.hospital.id));
          await scope.recordAlone('keys rotate', {});
          return `key ${number} is the newest; what is sealed under older ones is resealed by a worker`;
        }
        return scope.unaudited(statusOf);
      });
      process.stdout.write(`hospital ${id}: ${said}\n`);
    }
    return 0;
  } finally {
    await program.close();
  }
}

async function statusOf({ db, hospital }: HospitalTransaction): Promise<string> {
  const rows = await db.query<{ number: number | null; patients: number }[]>(
    `SELECT CASE WHEN name LIKE 'sealed:1:%' THEN split_part(name, ':', 3)::integer END AS number, count(*) AS patients
       FROM patient WHERE hospital_id = $1 GROUP BY 1 ORDER BY 1`,
    [hospital.id],
  );
  const keys = await db.query<{ number: number; done: boolean }[]>(
    `SELECT number, resealed_at IS NOT NULL AS done FROM hospital_key WHERE hospital_id = $1 AND number > 0 ORDER BY number DESC LIMIT 1`,
    [hospital.id],
  );
  const counts = rows.map(({ number, patients }) =>
    number === null ? `${patients} patients in clear` : `${patients} patients under key ${number}`,
  );
  const [newest] = keys;
  const state = newest
    ? `newest key ${newest.number}, ${newest.done ? 'nothing left to reseal' : 'resealing'}`
    : 'no key yet';
  return [state, ...counts].join('; ');
}
