import { Agent, request } from 'node:http';
import { askingUser } from './asking-user.js';
import { KEY, startTarget } from './target.js';
import { isInstalled, runTool } from './tool.js';

const SECONDS = 30;
const CONNECTIONS = 1000;

/**
 * A nurse requests the worklist twenty times a second over new connections, while another client keeps a thousand
 * connections busy. Returns how many attacks blocked the nurse; undefined where the tool is not installed.
 */
export async function slowClients(): Promise<number | undefined> {
  const tool = isInstalled('slowhttptest');
  const target = await startTarget();
  const slow = (...args: string[]): Promise<unknown> =>
    runTool(
      'slowhttptest',
      [...args, '-c', String(CONNECTIONS), '-r', '200', '-l', String(SECONDS)],
      SECONDS + 15,
    );
  const attacks: [name: string, attack: () => Promise<unknown>][] = [
    ['nobody', () => new Promise((resolve) => setTimeout(resolve, 10_000))],
    ['bodies of 20 MB', () => oversizedBodies(target.url)],
  ];
  if (tool)
    attacks.push(
      ['slow headers', () => slow('-H', '-i', '2', '-u', `${target.url}/api/v1/worklist`)],
      [
        'slow bodies',
        () => slow('-B', '-i', '2', '-f', 'application/json', '-u', `${target.url}/api/v1/patients`),
      ],
      [
        'slow reading',
        () => slow('-X', '-w', '1', '-y', '20', '-u', `${target.url}/api/docs/swagger-ui-bundle.js`),
      ],
    );
  let starved = 0;
  try {
    for (const [name, attack] of attacks) {
      const user = askingUser(target.url, KEY);
      await attack();
      const { asked, failed, median, p99, longest } = await user.stop();
      if (failed > 0) starved++;
      console.log(
        `${name.padEnd(16)} ${asked} worklists asked for, ${failed} not answered with 200; ` +
          `median ${median} ms, p99 ${p99} ms, longest ${longest} ms; memory ${await memory(target.url)} MB`,
      );
    }
  } finally {
    await target.stop();
  }
  return tool ? starved : undefined;
}

/** Twenty at a time, as fast as they are refused. */
async function oversizedBodies(url: string): Promise<void> {
  const body = Buffer.alloc(20_000_000, ' ');
  const agent = new Agent({ keepAlive: false });
  const until = performance.now() + 10_000;
  const { hostname, port } = new URL(url);
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const asked = request({ hostname, port, agent, method: 'POST', path: '/api/v1/patients', headers });
      asked.on('response', (answer) => answer.resume().on('end', () => asked.destroy()));
      asked.on('error', () => undefined).on('close', resolve);
      asked.end(body);
    });
  const endless = async (): Promise<void> => {
    while (performance.now() < until) await one();
  };
  await Promise.all(Array.from({ length: 20 }, endless));
}

async function memory(url: string): Promise<number> {
  const figures = await (await fetch(`${url}/metrics`)).text().catch(() => '');
  const [, bytes = '0'] = /^process_resident_memory_bytes (\d+)/m.exec(figures) ?? [];
  return Math.round(Number(bytes) / 1e6);
}
