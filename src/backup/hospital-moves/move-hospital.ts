import type pg from 'pg';
import { keyContext } from '../../encryption/field-cipher.js';
import type { SecretBox } from '../../encryption/secret-box.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Patience } from '../../platform/start-wait.js';
import { migrationsOf } from '../catalogue.js';
import { BackupRefused } from '../refusal.js';
import { analyse, arrivedRows, copyRows, type CopiedTable, deleteRows } from './copied-rows.js';
import { freeze, leave, thaw } from './freezing.js';
import { at, type FoundHospital, hospitalAt, type Place } from './place.js';

export interface Move {
  readonly from: Place;
  readonly to: Place;
  /** The code or id of the hospital. */
  readonly hospital: string;
  readonly box: SecretBox;
  /** How long the work of programs that is under way in the hospital may still take. */
  readonly patience: Patience;
  /** Records the move in the hospital's audit trail, before the copy. */
  readonly record: (hospitalId: string) => Promise<void>;
}

export interface Moved {
  readonly tables: readonly CopiedTable[];
  /** How long no request of the hospital was answered, since this command began. */
  readonly frozenMs: number;
}

/**
 * Moves a hospital to another database. Programs answer its requests with 503 from the start of the copy until its rows
 * are in force at the target; its rows are in force in exactly one place at any time. Ended early, the command continues
 * where it was when it runs again, or takes the move back (`cancelMove`).
 */
export async function moveHospital(move: Move): Promise<Moved> {
  return alone(move.from, async () => {
    const { from, to, patience } = move;
    const { id, isFirst, state } = await here(move);
    if (isFirst) throw new BackupRefused('first-hospital', msg('move-first-hospital'));
    const there = await hospitalAt(to, id);
    if (state === null || state === 'leaving') await refuseUnlike(move, id, there);
    if (state === null) await move.record(id);
    const frozenAtMs = performance.now();
    let tables: readonly CopiedTable[] = [];
    if (state !== 'left') {
      await freeze(from, id, to.name, patience);
      tables = await arrive(move, id, there, state === null);
      await analyse(to, tables);
      await leave(from, id);
    }
    await thaw(to, id);
    return { tables, frozenMs: performance.now() - frozenAtMs };
  });
}

/** Takes back a move that was ended early. Refused once the rows of the target are in force. */
export async function cancelMove(move: Pick<Move, 'from' | 'to' | 'hospital'>): Promise<void> {
  await alone(move.from, async () => {
    const { id, state } = await here(move);
    if (state !== 'leaving') throw new BackupRefused('no-such-move', msg('nothing-to-cancel'));
    if ((await hospitalAt(move.to, id))?.state === 'arriving') await deleteRows(move.to, id);
    await thaw(move.from, id);
  });
}

/** Deletes the rows that a moved hospital has left behind. `forget` runs before, and may run twice. */
export async function deleteLeft(
  move: Pick<Move, 'from' | 'to' | 'hospital'>,
  forget: (hospitalId: string) => Promise<void>,
): Promise<void> {
  await alone(move.from, async () => {
    const { id, state } = await here(move);
    const there = await hospitalAt(move.to, id);
    if (state !== 'left' || there === undefined || there.state !== null)
      throw new BackupRefused('no-such-move', msg('nothing-left-behind'));
    await forget(id);
    await deleteRows(move.from, id);
  });
}

async function here({ from, hospital }: Pick<Move, 'from' | 'hospital'>): Promise<FoundHospital> {
  const found = await hospitalAt(from, hospital);
  if (!found || found.state === 'arriving')
    throw new BackupRefused('no-such-hospital', msg('move-no-such-hospital', { hospital, where: from.name }));
  return found;
}

/** Where a copy is there already, an earlier run of this move made it. */
async function arrive(
  { from, to }: Move,
  id: string,
  there: FoundHospital | undefined,
  isNew: boolean,
): Promise<readonly CopiedTable[]> {
  try {
    const arrived = there && (await arrivedRows(from, to, id));
    if (arrived) return arrived;
    if (there) await deleteRows(to, id); // a cancellation was ended early
    return await copyRows(from, to, id);
  } catch (error) {
    if (isNew) await thaw(from, id);
    throw error;
  }
}

async function refuseUnlike(
  { from, to, box, hospital }: Move,
  id: string,
  there?: FoundHospital,
): Promise<void> {
  if (there && there.state !== 'arriving')
    throw new BackupRefused('already-there', msg('move-already-there', { hospital, where: to.name }));
  const [ours, theirs] = [await at(from, migrationsOf), await at(to, migrationsOf)];
  if (JSON.stringify(ours) !== JSON.stringify(theirs))
    throw new BackupRefused('versions-differ', msg('move-versions-differ', { where: to.name }));
  const code = await at(from, (client) => codeOf(client, id));
  if (there === undefined && code !== null && (await hospitalAt(to, code)))
    throw new BackupRefused('code-taken', msg('move-code-taken', { code, where: to.name }));
  for (const place of [from, to])
    if (!(await at(place, (client) => opensKeys(client, box))))
      throw new BackupRefused('other-master-key', msg('move-other-master-key', { where: place.name }));
}

async function codeOf(client: pg.ClientBase, id: string): Promise<string | null> {
  const { rows } = await client.query<{ code: string | null }>('SELECT code FROM hospital WHERE id = $1', [
    id,
  ]);
  return rows[0]?.code ?? null;
}

async function opensKeys(client: pg.ClientBase, box: SecretBox): Promise<boolean> {
  const { rows } = await client.query<{ id: string; number: number; wrapped: Buffer }>(
    'SELECT DISTINCT ON (hospital_id) hospital_id AS id, number, wrapped FROM hospital_key ORDER BY hospital_id, number DESC',
  );
  try {
    for (const { id, number, wrapped } of rows) box.open(wrapped, keyContext(id, number));
    return true;
  } catch {
    return false;
  }
}

/** Runs `work` unless another command moves a hospital away from the same database. */
async function alone<T>(from: Place, work: () => Promise<T>): Promise<T> {
  return at(from, async (client) => {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('hospital move', 0)) AS taken`,
    );
    if (rows[0]?.taken !== true) throw new BackupRefused('move-runs', msg('move-runs', { where: from.name }));
    return work();
  });
}
