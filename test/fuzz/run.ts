/**
 * The fuzzer against the started program, over HTTP, with a database of its own. Prints counts by status class and
 * call, and every kind of violation with the request that shows it. Exit code 1 where there is one. Run: npm run fuzz
 * -- [--requests 10000] [--seed N]
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeDataFolder } from '../support/data-folder.js';
import { startProgramProcess } from '../support/program.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { answerChallenge, type Report, run } from './campaign.js';

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const requests = Number(values.requests ?? 10_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const key = 'nw_fuzz-administrator';

const data = await mkdtemp(join(tmpdir(), 'nedwatch-fuzz-'));
const receiver = await WebhookReceiver.start();
receiver.answer = answerChallenge;
const program = await startProgramProcess({
  NEDWATCH_DATA: data,
  NEDWATCH_ADMIN_KEY: key,
  NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
  NEDWATCH_WEBHOOK_LOOPBACK: 'true',
  NEDWATCH_REQUESTS_PER_SECOND: '100000',
  NEDWATCH_FAILED_SIGN_INS_PER_MINUTE: '10000',
});
try {
  console.log(`seed ${seed}: ${requests} requests`);
  const began = performance.now();
  const report = await run({
    ...{ url: program.url, key, seed, requests, receiver: receiver.url },
    onProgress: (done) =>
      console.log(`${done} requests after ${((performance.now() - began) / 1000).toFixed(0)} s`),
    onFault: ({ request, reasons, asked }) =>
      console.log(`FAULT seed ${seed} request ${request}: ${reasons.join('; ')}\n    ${asked}`),
  });
  print(report, (performance.now() - began) / 1000);
  process.exitCode = report.faults.length > 0 || report.unreached.length > 0 ? 1 : 0;
} finally {
  await program.stop();
  await receiver.stop();
  await removeDataFolder(data);
}

function print({ answers, unreached, faults }: Report, seconds: number): void {
  for (const [name, counts] of [...answers].sort(([a], [b]) => a.localeCompare(b))) {
    const figures = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
    console.log(`${(name || 'all').padEnd(52)}${figures.map(([of, n]) => `${of} ${n}`.padEnd(12)).join('')}`);
  }
  console.log(`${seconds.toFixed(0)} s, ${(requests / seconds).toFixed(0)} requests a second`);
  console.log(
    unreached.length > 0 ? `never answered with 2xx: ${unreached.join(', ')}` : 'every call reached',
  );
  console.log(`${faults.length} kinds of fault`);
}
