import { expect, test } from '@jest/globals';
import { startApp } from '../support/app.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { answerChallenge, run } from './campaign.js';

/** The same seed unless another is given, so that CI is reproducible. `npm run fuzz` draws new ones. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 2);
const REQUESTS = 1500;
/** Some seeds reach a call late. */
const AT_MOST = 5000;
/** Answers decide what is drawn next, and times decide some answers: two runs of one seed differ by so many calls. */
const MISSED_BY_CHANCE = 3;
/** What needs two records that agree, items of one patient, or an exam to be judged, is drawn too seldom for a short run. */
const LONG_RUNS_ALONE = [
  ...['POST /patients/{id}/merge', 'POST /merges/{id}/undo', 'DELETE /handovers/{id}'],
  ...['POST /appointments', 'GET /appointments/{id}', 'PATCH /appointments/{id}'],
  ...['POST /appointments/{id}/outcome', 'POST /webhook-endpoints/{id}/acknowledgements'],
  ...['POST /results/{id}/seen', 'POST /reviews/{id}/judgement', 'POST /reviews/{id}/undo'],
];

test(`${REQUESTS} requests drawn from the document, right and wrong ones, find no fault (seed ${SEED})`, async () => {
  const t = await startApp({ clock: '2026-11-01T09:00:00+08:00' });
  const receiver = await WebhookReceiver.start();
  receiver.answer = answerChallenge;
  try {
    await t.app.listen(0, '127.0.0.1');
    const { port } = t.app.getHttpServer().address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const { faults, unreached } = await run({
      ...{ url, key: t.adminKey, seed: SEED, requests: AT_MOST, enough: REQUESTS, receiver: receiver.url },
    });
    expect(faults).toEqual([]);
    const missed = unreached.filter((call) => !LONG_RUNS_ALONE.includes(call));
    expect(missed.length > MISSED_BY_CHANCE ? missed : []).toEqual([]);
  } finally {
    await t.close();
    await receiver.stop();
  }
}, 400_000);
