import { setTimeout } from 'node:timers';
import { parseArgs } from 'node:util';
import type { Config } from '../config.js';
import type { Message } from '../guideline/message.js';
import { startProgram, type Program } from '../program.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';

// Stopping has ten seconds: closing gets most of them, and then the process ends all the same.
const CLOSING_MS = 9000;

/** `bin/nedwatch up [--port N] [--demo]`: runs until SIGINT or SIGTERM, and then answers 0. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string' }, demo: { type: 'boolean', default: false } },
  });
  const port = values.port === undefined ? config.port : portOf(values.port);
  const ending = endOfRun();

  const program = await startProgram(config, { onLost: ending.fail });
  try {
    if (values.demo) await fillWithDemonstration(program);
    await program.app.listen(port, config.host);
    announce(program, config);
    return await ending.code;
  } finally {
    setTimeout(() => process.exit(), CLOSING_MS).unref();
    await program.close();
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new BadUsage(msg('not-a-port', { given: text }));
}

/** Listens from the start, so that a signal during a slow start is not lost. */
function endOfRun(): { code: Promise<number>; fail: (error: Error) => void } {
  let fail: (error: Error) => void = () => undefined;
  const code = new Promise<number>((resolve, reject) => {
    process.once('SIGINT', () => resolve(0)).once('SIGTERM', () => resolve(0));
    fail = reject;
  });
  code.catch(() => undefined); // awaited later, if the start succeeds
  return { code, fail };
}

async function fillWithDemonstration({ app }: Program): Promise<void> {
  const { loadDemo } = (await import('../exchange/demo.js')) as {
    loadDemo: (app: Program['app']) => Promise<void>;
  };
  await loadDemo(app);
}

function announce({ app, database, adminKey }: Program, config: Config): void {
  const { port } = app.getHttpServer().address() as { port: number };
  const address = `${config.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const lines: string[] = [];
  const say = (message: Message): void => void lines.push(render(message, config.language));
  if (database.embedded?.asWanted === false) {
    const { directory } = database.embedded;
    say(msg('data-elsewhere', { directory, wanted: config.dataDirectory }));
  }
  if (adminKey !== undefined) {
    say(msg('pages-at', { address }));
    say(msg('reference-at', { address }));
    say(msg('administrator-secret', { secret: adminKey }));
  }
  process.stdout.write([...lines, `ready ${address}`, ''].join('\n'));
}
