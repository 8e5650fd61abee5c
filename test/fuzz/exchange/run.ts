/**
 * The fuzzer of HL7 v2 and FHIR. Reads damaged messages, resources and queries by the parsers in this process, and sends a
 * smaller number to a started program over MLLP and HTTP. Exit code 1 for a crash that is no named refusal, for an input that takes
 * too long, for memory that grows, for a 5xx, and for a message that is acknowledged and not stored. Run: npm run fuzz:exchange --
 * [--inputs 1000000] [--sent 2000] [--seed N] [--only INPUT]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { readInput } from './parser-campaign.js';
import { sendDamaged } from './sending-campaign.js';

/** No input comes near to it: a parser that does not return. */
const HANG_MS = 60_000;
/** Above what was in use after the first tenth. */
const MOST_GROWTH_MEGABYTES = 40;
const MOST_SHOWN = 20;

interface Order {
  readonly seed: number;
  readonly inputs: number;
  /** The input in work. */
  readonly at: Int32Array;
}

interface Reading {
  readonly faults: number;
  /** In use after a tenth, and at the end. */
  readonly megabytes: readonly [number, number];
}

if (isMainThread) await main();
else parentPort?.postMessage(await readAll(workerData as Order));

async function main(): Promise<void> {
  const options = Object.fromEntries(
    ['inputs', 'sent', 'seed', 'only'].map((name) => [name, { type: 'string' as const }]),
  );
  const { values } = parseArgs({ options });
  const seed = Number(values['seed'] ?? Math.floor(Math.random() * 2 ** 31));
  if (values['only'] !== undefined) {
    console.log(await readInput(seed, Number(values['only'])));
    return;
  }
  const inputs = Number(values['inputs'] ?? 1_000_000);
  const began = performance.now();
  console.log(`seed ${seed}: ${inputs} inputs to the parsers`);
  const {
    faults,
    megabytes: [early, late],
  } = await watched({ seed, inputs, at: new Int32Array(new SharedArrayBuffer(4)) });
  console.log(
    `${faults} faults, ${early} MB in use after a tenth and ${late} at the end, ${seconds(began)} s`,
  );
  const sent = Number(values['sent'] ?? 2000);
  const beganSending = performance.now();
  const { violations, answers } =
    sent === 0 ? { violations: [], answers: {} } : await sendDamaged(seed, sent);
  for (const violation of violations) console.log(`VIOLATION ${violation}`);
  console.log(
    `${sent} messages and bodies sent: ${JSON.stringify(answers)}; ${violations.length} violations, ${seconds(beganSending)} s`,
  );
  const grew = late - early > MOST_GROWTH_MEGABYTES;
  process.exitCode = faults > 0 || violations.length > 0 || grew ? 1 : 0;
}

function seconds(began: number): number {
  return Math.round((performance.now() - began) / 1000);
}

/** Runs the parsers in a thread, and ends the process where one input does not end. */
async function watched(order: Order): Promise<Reading> {
  const worker = new Worker(new URL(import.meta.url), { workerData: order });
  const reading = new Promise<Reading>((resolve, reject) =>
    worker.once('message', resolve).once('error', reject),
  );
  const watching = new AbortController();
  const watch = (async () => {
    for (let before = -1; ; before = Atomics.load(order.at, 0)) {
      await sleep(HANG_MS, undefined, { signal: watching.signal });
      const now = Atomics.load(order.at, 0);
      if (now !== before) {
        console.log(`${now} inputs`);
        continue;
      }
      console.log(`HANG --seed ${order.seed} --only ${before}`);
      process.exit(1);
    }
  })().catch(() => undefined);
  const read = await reading;
  watching.abort();
  await watch;
  return read;
}

async function readAll({ seed, inputs, at }: Order): Promise<Reading> {
  let faults = 0;
  let early = 0;
  for (let input = 0; input < inputs; input++) {
    Atomics.store(at, 0, input);
    const fault = await readInput(seed, input);
    if (fault) {
      faults += 1;
      if (faults <= MOST_SHOWN)
        console.log(`FAULT --seed ${seed} --only ${input}: ${fault.reason}\n    ${fault.shown}`);
    }
    if (input === Math.floor(inputs / 10)) early = megabytesInUse();
    if (input % 1000 === 0) await sleep(0); // for the collector
  }
  return { faults, megabytes: [early, megabytesInUse()] };
}

function megabytesInUse(): number {
  (globalThis as { readonly gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1e6);
}
