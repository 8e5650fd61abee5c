import { request } from 'node:http';

/** The user has another address than the attackers. */
const ADDRESS = '127.0.0.2';
const EVERY_MS = 50;

export interface Latency {
  readonly asked: number;
  /** Answers other than 200. */
  readonly failed: number;
  /** In milliseconds, like the others. */
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

/** A nurse who requests the worklist twenty times a second over new connections, until stopped. */
export function askingUser(url: string, key: string): { stop: () => Promise<Latency> } {
  const times: number[] = [];
  let failed = 0;
  const ending = new AbortController();
  const done = (async () => {
    while (!ending.signal.aborted) {
      const began = performance.now();
      const status = await worklist(url, key);
      times.push(performance.now() - began);
      if (status !== 200) failed++;
      const rest = Math.max(0, EVERY_MS - (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await done;
      times.sort((a, b) => a - b);
      const at = (share: number): number => Math.round(times[Math.floor((times.length - 1) * share)] ?? 0);
      return { asked: times.length, failed, median: at(0.5), p99: at(0.99), longest: at(1) };
    },
  };
}

function worklist(url: string, key: string): Promise<number> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const headers = { authorization: `Bearer ${key}` };
    const path = '/api/v1/worklist?limit=50';
    const asked = request({
      hostname,
      port,
      path,
      headers,
      localAddress: ADDRESS,
      agent: false,
      timeout: 5000,
    });
    asked.on('response', (answer) => {
      answer.resume().on('close', () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(0));
    asked.end();
  });
}
