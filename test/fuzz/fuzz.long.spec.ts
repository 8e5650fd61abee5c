import { expect, test } from '@jest/globals';
import { startApp } from '../support/app.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { answerChallenge, run } from './campaign.js';

/** The same seed unless another is given, so that CI is reproducible. `npm run fuzz` draws new ones. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 2);
const REQUESTS = 500;
/** Some seeds reach a call late. */
const AT_MOST = 5000;
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
    expect(unreached).toEqual([]);
  } finally {
    await t.close();
    await receiver.stop();
  }
}, 400_000);
