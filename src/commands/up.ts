import { setTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { newFirstRunToken } from '../app/first-run-link.js';
import { firstKey } from '../app/first-start.js';
import { Readiness } from '../platform/readiness.js';
import { waitFor } from '../platform/start-wait.js';
import { MllpListener } from '../exchange/mllp/mllp-listener.js';
import { startProgram, type Program } from '../app/program.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';
import { MendableError } from '../platform/messages/mendable-error.js';

const ENDS = ['SIGINT', 'SIGTERM'] as const;

// Shutdown has ten seconds after the drain: closing gets most of them, and then the process ends in any case. A start that is
// interrupted has one second.
const CLOSING_MS = 9000;
const CLOSING_UNREADY_MS = 1000;

/** The program cannot listen on the address. The message names the remedy. */
export class PortTaken extends MendableError {}

/** `bin/nedwatch up [--port N] [--demo]`: runs until SIGINT or SIGTERM, and then returns 0. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string' }, demo: { type: 'boolean', default: false } },
  });
  const port = values.port === undefined ? config.port : portOf(values.port);
  const ending = endOfRun();

  // No client depends on the program yet, so it may end immediately.
  let [isStarted, isReady] = [false, false];
  const interrupt = (code: number): void => void (isStarted || process.exit(code));
  ending.code.then(interrupt, () => undefined);
  const program = await startProgram(config, { onLost: ending.fail, serves: config.role !== 'worker' });
  isStarted = true;

  const serve = async (): Promise<number> => {
    if (values.demo) await fillWithDemonstration(program);
    await listen(program, port, config);
    const mllpPort = await listenForMllp(program, config);
    announce(program, config, { ...(await secretsToShow(program, config)), mllpPort });
    isReady = true;
    return ending.code;
  };
  let code = 1;
  try {
    code = await Promise.race([ending.code, serve()]);
    if (isReady) await drain(program, config);
    return code;
  } finally {
    const isInterrupted = code === 0 && !isReady;
    setTimeout(() => process.exit(code), isInterrupted ? CLOSING_UNREADY_MS : CLOSING_MS).unref();
    await program.close();
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new BadUsage(msg('not-a-port', { given: text }));
}

/** Serves on, so that a proxy finds the process not ready and sends its calls elsewhere. A second signal ends the wait. */
async function drain({ app }: Program, { role, drainSeconds }: Config): Promise<void> {
  app.get(Readiness).isEnding = true;
  if (role === 'worker' || drainSeconds === 0) return;
  const again = new AbortController();
  const abort = (): void => again.abort();
  for (const signal of ENDS) process.once(signal, abort);
  await sleep(drainSeconds * 1000, undefined, { signal: again.signal }).catch(() => undefined);
  for (const signal of ENDS) process.off(signal, abort);
}

/** Listens from the start, so that a signal during a slow start is not lost. */
function endOfRun(): { code: Promise<number>; fail: (error: Error) => void } {
  let fail: (error: Error) => void = () => undefined;
  const code = new Promise<number>((resolve, reject) => {
    for (const signal of ENDS) process.once(signal, () => resolve(0));
    fail = reject;
  });
  code.catch(() => undefined); // awaited later, if the start succeeds
  return { code, fail };
}

async function fillWithDemonstration({ app, database }: Program): Promise<void> {
  const { loadDemonstration } = await import('../demonstration/demonstration.js');
  await loadDemonstration(app, (work) => database.asOwner(work));
}

async function listen({ app }: Program, port: number, config: Config): Promise<void> {
  await onPort(port, config, () => app.listen(port, config.host));
}

/** Opens the port for MLLP where one is set. A worker has none. */
async function listenForMllp({ app }: Program, config: Config): Promise<number | undefined> {
  const { mllpPort, role } = config;
  if (mllpPort === undefined || role === 'worker') return undefined;
  return onPort(mllpPort, config, () => app.get(MllpListener).listen(mllpPort));
}

async function onPort<T>(port: number, { host }: Config, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(code ?? '')) throw error;
    const why = code === 'EADDRINUSE' ? msg('port-in-use') : (error as Error).message;
    throw new PortTaken(msg('port-taken', { port, host, why }), { cause: error });
  }
}

interface Secrets {
  readonly key?: string | undefined;
  readonly firstRunToken?: string | undefined;
}

interface Announced extends Secrets {
  readonly mllpPort: number | undefined;
}

/** No later step can fail before they are shown. A worker has no pages and leaves this to a process that has. */
async function secretsToShow({ database }: Program, config: Config): Promise<Secrets> {
  const isWorker = config.role === 'worker';
  if (isWorker && config.adminKey === undefined) return {};
  const key = await waitFor(database.patience, () => database.asOwner((owner) => firstKey(owner, config)));
  return { key, firstRunToken: isWorker ? undefined : await database.asOwner(newFirstRunToken) };
}

function announce(
  { app, database }: Program,
  config: Config,
  { key, firstRunToken, mllpPort }: Announced,
): void {
  const { port } = app.getHttpServer().address() as { port: number };
  const address = `${config.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const lines: string[] = [];
  const say = (message: Message): void => void lines.push(render(message, config.language));
  if (database.embedded?.asWanted === false) {
    const { directory } = database.embedded;
    say(msg('data-elsewhere', { directory, wanted: config.dataDirectory }));
  }
  if (database.loginWarning) say(database.loginWarning);
  if (config.role !== 'worker') {
    say(msg('pages-at', { address }));
    say(msg('reference-at', { address }));
  }
  if (mllpPort !== undefined)
    say(msg('mllp-at', { address: `${config.mllpTls ? 'mllps' : 'mllp'}://${config.host}:${mllpPort}` }));
  if (firstRunToken !== undefined) say(msg('first-run-at', { address, token: firstRunToken }));
  if (key !== undefined) say(msg('administrator-secret', { secret: key }));
  process.stdout.write([...lines, `ready ${address}`, ''].join('\n'));
}
