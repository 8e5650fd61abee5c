import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { removeDataFolder } from '../support/data-folder.js';
import { startProgramProcess } from '../support/program.js';

export const KEY = 'nw_attack-administrator';

/** The started program with the demonstration cohort, on a database of its own. */
export interface Target {
  readonly url: string;
  readonly pid: number;
  runs(): boolean;
  ask(path: string): Promise<unknown>;
  /** Makes a call under /api/v1 that must succeed. */
  send(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Record<string, unknown> & { id: string }>;
  /** The demonstration cohort into the hospital of this key. */
  load(key: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startTarget(env: Readonly<Record<string, string>> = {}): Promise<Target> {
  const data = await mkdtemp(join(tmpdir(), 'nedwatch-attack-'));
  await chmod(data, 0o755); // the embedded server's user uses it too, and leaves nothing elsewhere
  const program = await startProgramProcess({
    NEDWATCH_DATA: data,
    NEDWATCH_ADMIN_KEY: KEY,
    NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
    ...env,
  });
  const { url } = program;
  const load = async (key: string): Promise<void> => {
    for (const kind of ['roster', 'events']) {
      const form = new FormData();
      form.set('kind', kind);
      form.set('file', new Blob([await readFile(join(CHECKOUT, 'demo', `${kind}.csv`))]), `${kind}.csv`);
      const headers = { authorization: `Bearer ${key}` };
      const answer = await fetch(`${url}/api/v1/imports`, { method: 'POST', headers, body: form });
      if (!answer.ok) throw new Error(`The cohort was not loaded: ${await answer.text()}`);
    }
  };
  await load(KEY);
  return {
    ...{ url, pid: program.pid, runs: () => program.runs(), load },
    ask: async (path) =>
      (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })).json(),
    send: async (method, path, body, key = KEY) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown> & { id: string };
    },
    stop: async () => {
      await program.stop();
      await removeDataFolder(data);
    },
  };
}
