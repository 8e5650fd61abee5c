import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { readAnchors } from '../access/audit-anchor.js';
import { AUDIT_COLUMNS, type AuditRow } from '../access/audit-entry.js';
import { fhirAuditEvent } from '../access/audit-fhir.js';
import { verifyAudit } from '../access/audit-verification.js';
import type { Config } from '../config.js';
import { openDatabase } from '../database.js';
import { BadUsage } from './bad-usage.js';

const EXPORTED_AT_ONCE = 1000;

/** `bin/nedwatch audit verify | export`: 0 when the trail is whole, 1 when it is not. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { hospital: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  });
  const [what, ...others] = positionals;
  if (others.length > 0 || (what !== 'verify' && what !== 'export'))
    throw new BadUsage('audit: verify or export?');
  for (const name of ['from', 'to'] as const)
    if (values[name] !== undefined && Number.isNaN(Date.parse(values[name])))
      throw new BadUsage(`--${name}: ${values[name]} is no instant, such as 2026-11-01T00:00:00Z.`);
  const database = await openDatabase(config);
  try {
    return await database.asOwner(async (owner) => {
      const hospitals = await hospitalsOf(owner, values.hospital);
      if (what === 'verify') return verify(owner, hospitals, config);
      for (const id of hospitals) await exportTrail(owner, id, values.from ?? null, values.to ?? null);
      return 0;
    });
  } finally {
    await database.close();
  }
}

async function hospitalsOf(owner: DataSource, named: string | undefined): Promise<string[]> {
  const rows = await owner.query<{ id: string }[]>(
    'SELECT id FROM hospital WHERE $1::text IS NULL OR id::text = $1 OR name = $1 ORDER BY created_at, id',
    [named ?? null],
  );
  if (rows.length === 0) throw new BadUsage(`--hospital: there is no hospital ${named ?? ''}.`);
  return rows.map(({ id }) => id);
}

async function verify(owner: DataSource, hospitals: readonly string[], config: Config): Promise<number> {
  const anchors = await readAnchors(config);
  for (const fault of anchors.faults) process.stdout.write(`${fault}\n`);
  let whole = anchors.faults.length === 0;
  for (const id of hospitals) {
    const found = await verifyAudit(owner.manager, id, anchors.heads);
    for (const fault of found.faults) process.stdout.write(`hospital ${id}: ${fault}\n`);
    const count = `${found.rows} rows in ${found.batches} batches, ${found.waiting} not sealed yet`;
    process.stdout.write(
      `hospital ${id}: ${count}, ${found.faults.length === 0 ? 'whole' : `${found.faults.length} faults`}\n`,
    );
    whole &&= found.faults.length === 0;
  }
  process.stdout.write(`${anchors.heads.length} anchored heads compared\n`);
  return whole ? 0 : 1;
}

async function exportTrail(
  owner: DataSource,
  id: string,
  from: string | null,
  to: string | null,
): Promise<void> {
  let after: readonly (string | null)[] = [null, null];
  for (;;) {
    const rows: AuditRow[] = await owner.query(
      `SELECT ${AUDIT_COLUMNS} FROM audit_event e WHERE hospital_id = $1
          AND ($2::timestamptz IS NULL OR recorded_at >= $2) AND ($3::timestamptz IS NULL OR recorded_at < $3)
          AND ($4::timestamptz IS NULL OR (recorded_at, id) > ($4, $5::uuid))
        ORDER BY e.recorded_at, e.id LIMIT ${EXPORTED_AT_ONCE}`,
      [id, from, to, ...after],
    );
    for (const row of rows) process.stdout.write(`${JSON.stringify(fhirAuditEvent(row))}\n`);
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORTED_AT_ONCE) return;
    after = [last.recordedAt, last.id];
  }
}
