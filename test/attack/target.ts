import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../../src/checkout.js';
import { startProgramProcess } from '../program.js';

export const KEY = 'nw_attack-administrator';

/** The started program with the demonstration cohort, on a database of its own. */
export interface Target {
  readonly url: string;
  ask(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startTarget(env: Readonly<Record<string, string>> = {}): Promise<Target> {
  const data = await mkdtemp(join(tmpdir(), 'nedwatch-attack-'));
  const program = await startProgramProcess({
    NEDWATCH_DATA: data,
    NEDWATCH_ADMIN_KEY: KEY,
    NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
    ...env,
  });
  const headers = { authorization: `Bearer ${KEY}` };
  for (const kind of ['roster', 'events']) {
    const form = new FormData();
    form.set('kind', kind);
    form.set('file', new Blob([await readFile(join(CHECKOUT, 'demo', `${kind}.csv`))]), `${kind}.csv`);
    const answer = await fetch(`${program.url}/api/v1/imports`, { method: 'POST', headers, body: form });
    if (!answer.ok) throw new Error(`The cohort was not loaded: ${await answer.text()}`);
  }
  return {
    url: program.url,
    ask: async (path) => (await fetch(`${program.url}${path}`, { headers })).json(),
    stop: async () => {
      await program.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
