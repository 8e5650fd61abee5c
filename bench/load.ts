/**
 * How long the roster of 929 patients and their 780 events take to load, plans included, beside inserting a row
 * for every item that one of the plans held, ten years ahead, with INSERT … SELECT FROM unnest. Prints both and their ratio, and the bytes of a
 * patient in the tables of patients, events and items with their indexes; rounds alternate.
 * Run: npm run bench:load
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/platform/config.js';
import { startProgram } from '../src/app/program.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { measureEnrolment } from './enrolment.js';

const ROUNDS = 5;

const data = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
const environment = {
  NEDWATCH_DATA: data,
  NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
  NEDWATCH_LOG: 'warn',
  NEDWATCH_ROLE: 'api',
};
const program = await startProgram(loadConfig({ ...process.env, ...environment }));
try {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { load, bare, rows, sizes } = await measureEnrolment(program);
    ratios.push(load / bare);
    console.log(
      `round ${round + 1}: load ${load.toFixed(2)} s, bare insert of ${rows} rows ${bare.toFixed(2)} s, ratio ${(load / bare).toFixed(2)}, ${sizes}`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`median ratio ${ratios[Math.floor(ROUNDS / 2)]!.toFixed(2)} (at most 1.3)`);
} finally {
  await program.close();
  await removeDataFolder(data);
}
