import { type Ended, startCommand, startProgramProcess } from '../support/program.js';
import type { FailoverCourse } from './failover-run.js';
import { NODES } from './own-cell.js';

export interface RestoreReport {
  /** Rows before the mistaken delete, after it, and after the restore. */
  readonly rows: readonly (readonly [patients: number, facts: number])[];
  readonly seconds: number;
  /** Exit codes on the restored cell, with the output of a command that failed. */
  readonly doctor: string;
  readonly auditVerify: string;
  /** Whether the trail had lost batches, and was accepted without them. */
  readonly resealed: boolean;
  readonly isReady: boolean;
}

/** A person deletes every patient; the cell is restored to the moment before, by docs/operations/cell.md. */
export async function restoreBeforeDelete(course: FailoverCourse): Promise<RestoreReport> {
  const { cell } = course;
  const count = async (): Promise<[number, number]> => {
    const [row] = await course.query<{ patients: number; facts: number }>(
      `SELECT (SELECT count(*)::float8 FROM patient) AS patients, (SELECT count(*)::float8 FROM clinical_event) AS facts`,
    );
    return [row?.patients ?? 0, row?.facts ?? 0];
  };
  const before = await count();
  const [row] = await course.query<{ moment: string }>('SELECT clock_timestamp()::text AS moment');
  await course.query('TRUNCATE patient CASCADE');
  const after = await count();
  // Recorded, sealed and anchored after the moment: the restored trail ends before it.
  await course.readAudited();
  await course.stopPrograms();

  const began = performance.now();
  for (const node of NODES) await cell.stopNode(node);
  await cell.restore('node1', row?.moment ?? '');
  cell.startNode('node1');
  await cell.settled(['node1']);
  for (const node of NODES.slice(1)) {
    await cell.run(node, 'rm', '-rf', cell.dataOf(node));
    cell.startNode(node);
  }
  await cell.settled();
  const seconds = (performance.now() - began) / 1000;
  await cell.backrest(await cell.nodeWith('leader'), '--type=full', 'backup');

  const command = async (...args: string[]): Promise<string> =>
    codeOf(await startCommand(args, course.environment).ended);
  const program = await startProgramProcess({ ...course.environment, NEDWATCH_ROLE: 'api' });
  const health = await fetch(`${program.url}/health/ready`);
  const report = {
    ...{ rows: [before, after, await count()], seconds, isReady: health.ok },
    ...{ doctor: await command('doctor'), ...(await verifiedTrail(command)) },
  };
  await program.stop();
  return report;
}

/** A batch that was sealed after the moment is missing: the trail is accepted, by docs/operations/audit-trail.md. */
async function verifiedTrail(
  command: (...args: string[]) => Promise<string>,
): Promise<Pick<RestoreReport, 'auditVerify' | 'resealed'>> {
  const found = await command('audit', 'verify');
  if (!found.includes('its end was cut off')) return { auditVerify: found, resealed: false };
  const accepted = await command('audit', 'reseal', '--reason', 'restored to the moment before a delete');
  const auditVerify = accepted === '0' ? await command('audit', 'verify') : accepted;
  return { auditVerify, resealed: accepted === '0' };
}

const codeOf = ({ code, out, stderr }: Ended): string => (code === 0 ? '0' : `${code}: ${out}${stderr}`);
