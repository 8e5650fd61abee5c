import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstKey } from '../src/app/first-start.js';
import { type Program, startProgram } from '../src/app/program.js';
import { loadConfig } from '../src/platform/config.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { type FilledHospital, filledHospital, TODAY } from './filled-hospital.js';

/** The hospitals that a benchmark compares. */
export interface Hospitals {
  readonly small: FilledHospital;
  readonly large: FilledHospital;
}

/** A program that listens, and the folder of its data. */
export interface FilledProgram {
  readonly program: Program;
  /** The filled hospitals of an earlier run with the same folder, else new ones of so many patients. */
  readonly hospitals: (patients: {
    readonly small: number;
    readonly large: number;
    /** Called before the first hospital is filled. */
    readonly first?: () => Promise<void>;
  }) => Promise<Hospitals>;
}

/**
 * Starts a program whose data are in this folder, and whose first key will be `key`. It works on no queue, unless the
 * `settings` say otherwise.
 */
export async function programOn(
  data: string,
  key: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> {
  await mkdir(data, { recursive: true });
  await chmod(data, 0o755); // as root, PostgreSQL runs as another user
  const environment = {
    ...{ NEDWATCH_DATA: data, NEDWATCH_CLOCK: `${TODAY}T09:00:00+08:00`, NEDWATCH_LOG: 'warn' },
    ...{ NEDWATCH_ROLE: 'api', NEDWATCH_ADMIN_KEY: key, NEDWATCH_REQUESTS_PER_SECOND: '100000' },
    NEDWATCH_WEBHOOK_LOOPBACK: 'true',
  };
  return startProgram(loadConfig({ ...process.env, ...environment, ...settings }));
}

/**
 * Runs `work` with a program of its own. With NEDWATCH_BENCH_DATA, a folder, the filled hospitals stay there for the next run
 * of any benchmark; otherwise its data is removed.
 */
export async function withFilledProgram(work: (filled: FilledProgram) => Promise<void>): Promise<void> {
  const kept = process.env.NEDWATCH_BENCH_DATA;
  const data = kept ?? (await mkdtemp(join(tmpdir(), 'nedwatch-bench-')));
  const key = `nw_${randomUUID()}`;
  const program = await programOn(data, key);
  try {
    await program.app.listen(0, '127.0.0.1');
    await work({
      program,
      hospitals: async ({ small, large, first }) => {
        const file = join(data, 'filled-hospitals.json');
        if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Hospitals;
        await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
        await first?.();
        const made = {
          small: await filledHospital(program, small),
          large: await filledHospital(program, large),
        };
        await program.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
        if (kept !== undefined) await writeFile(file, JSON.stringify(made), { mode: 0o600 });
        return made;
      },
    });
  } finally {
    await program.close();
    if (kept === undefined) await removeDataFolder(data);
  }
}

/** The address of the program's calls. */
export function addressOf({ app }: Program): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://127.0.0.1:${port}/api/v1`;
}

/** Of many times of one call, in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

export const shown = ({ p50, p99 }: Percentiles): string => `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`;
