import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { readAnchors } from '../audit/anchor-reader.js';
import { AUDIT_COLUMNS, type AuditRow, recordAudit, stepCall } from '../tenancy/audit-entry.js';
import { fhirAuditEvent } from '../audit/audit-fhir.js';
import { printedKey } from '../audit/audit-key.js';
import { verifyAudit } from '../audit/audit-verification.js';
import { programIn } from '../tenancy/caller.js';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { openDatabase } from '../app/database.js';
import { isInstant } from '../platform/instant.js';
import { reseal } from './audit-reseal.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';
import { printLine } from './print-line.js';

const EXPORTED_AT_ONCE = 1000;

/** `bin/nedwatch audit verify | export | reseal`: exit code 0 when it is done and the trail is complete, else 1. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      hospital: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      reason: { type: 'string' },
    },
  });
  const [what = '', ...others] = positionals;
  if (others.length > 0 || !['verify', 'export', 'reseal'].includes(what))
    throw new BadUsage(msg('audit-usage'));
  for (const name of ['from', 'to'] as const)
    if (values[name] !== undefined && !isInstant(values[name]))
      throw new BadUsage(msg('not-an-instant-option', { option: name, given: values[name] }));
  const { reason = '' } = values;
  if (what === 'reseal' && reason.trim() === '') throw new BadUsage(msg('reseal-reason'));
  const database = await openDatabase(config);
  try {
    return await database.asOwner(async (owner) => {
      const hospitals = await hospitalsOf(owner, values.hospital);
      if (what === 'verify') return verify(owner, hospitals, config);
      if (what === 'reseal') {
        const present = await hospitalsOf(owner, undefined);
        await reseal(database.dataSource, owner, { chosen: hospitals, present }, config, reason.trim());
        return 0;
      }
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
  if (rows.length === 0) throw new BadUsage(msg('no-such-hospital', { name: named ?? '' }));
  return rows.map(({ id }) => id);
}

async function verify(owner: DataSource, hospitals: readonly string[], config: Config): Promise<number> {
  const print = (message: Message): Promise<void> => printLine(render(message, config.language));
  const anchors = await readAnchors(config);
  for (const message of [...anchors.notes, ...anchors.faults]) await print(message);
  let whole = anchors.faults.length === 0;
  if (anchors.damaged) await print(msg('anchor-may-be-accepted'));
  for (const id of anchors.heads.keys()) {
    if (hospitals.includes(id) || (await hospitalsOf(owner, undefined)).includes(id)) continue;
    await print(msg('anchored-only', { id }));
    whole = false;
  }
  for (const id of hospitals) {
    const { batches, rows, waiting, faults } = await verifyAudit(owner.manager, id, anchors);
    for (const fault of faults) await print(msg('of-hospital', { id, what: fault }));
    await print(msg(faults.length === 0 ? 'trail-whole' : 'trail-not-whole', { id, rows, batches, waiting }));
    whole &&= faults.length === 0;
  }
  const { lines, newest } = anchors;
  const key = anchors.key === undefined ? msg('no-anchor-key') : printedKey(anchors.key);
  await print(
    newest === undefined ? msg('anchor-empty', { lines, key }) : msg('anchor-newest', { lines, newest, key }),
  );
  return whole ? 0 : 1;
}

async function exportTrail(
  owner: DataSource,
  id: string,
  from: string | null,
  to: string | null,
): Promise<void> {
  const entry = { outcome: 'done', status: null, patients: [] } as const;
  await recordAudit(owner.manager, programIn(id), stepCall('audit export'), entry);
  let after: readonly (string | null)[] = [null, null];
  for (;;) {
    const rows: AuditRow[] = await owner.query(
      `SELECT ${AUDIT_COLUMNS} FROM audit_event e WHERE hospital_id = $1
          AND ($2::timestamptz IS NULL OR recorded_at >= $2) AND ($3::timestamptz IS NULL OR recorded_at < $3)
          AND ($4::timestamptz IS NULL OR (recorded_at, id) > ($4, $5::uuid))
        ORDER BY e.recorded_at, e.id LIMIT ${EXPORTED_AT_ONCE}`,
      [id, from, to, ...after],
    );
    for (const row of rows) await printLine(JSON.stringify(fhirAuditEvent(row)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORTED_AT_ONCE) return;
    after = [last.recordedAt, last.id];
  }
}
