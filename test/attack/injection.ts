import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from '../fuzz/draft.js';
import { KEY, startTarget, type Target } from './target.js';
import { isInstalled, runTool } from './tool.js';

const SECONDS_A_CALL = 240;

const VALUES: Readonly<Record<string, string>> = {
  limit: '20',
  mrn: 'M00001',
  status: 'overdue',
  activity: 'colonoscopy',
  from: '2024-01-01',
  to: '2027-01-01',
  assignee: 'nurse.li',
  lang: 'en',
  state: 'pending',
  guidelines: 'crlm-cn-2025',
};

/**
 * Runs sqlmap over every parameter of every list and search call. Returns how many calls it could inject into;
 * undefined where it is not installed.
 */
export async function injection(): Promise<number | undefined> {
  if (!isInstalled('sqlmap')) return undefined;
  const target = await startTarget({ NEDWATCH_REQUESTS_PER_SECOND: '100000' });
  const sessions = await mkdtemp(join(tmpdir(), 'nedwatch-sqlmap-'));
  let open = 0;
  try {
    for (const { path, parameters, body } of await callsOf(target)) {
      const began = performance.now();
      const options = ['--batch', '--flush-session', '--disable-coloring', '--skip-waf', '--dbms=PostgreSQL'];
      const bounds = [
        '--level=2',
        '--risk=1',
        '--time-sec=2',
        '--timeout=10',
        '--retries=0',
        '--ignore-code=404',
      ];
      const { output, cutShort } = await runTool(
        'sqlmap',
        [
          ...['-u', `${target.url}${path}`, '-p', parameters.join(','), '-H', `Authorization: Bearer ${KEY}`],
          ...(body === undefined
            ? []
            : ['--data', JSON.stringify(body), '-H', 'Content-Type: application/json']),
          ...[...options, ...bounds, `--output-dir=${sessions}`],
        ],
        SECONDS_A_CALL,
      );
      const found = /identified the following injection point|is vulnerable/.test(output);
      const clear = /all tested parameters do not appear to be injectable/.test(output);
      if (found || (!clear && !cutShort)) {
        open++;
        console.log(output.slice(-3000));
      }
      const verdict = found ? 'INJECTABLE' : clear ? 'nothing found' : cutShort ? 'cut short' : 'FAILED';
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(`${path.split('?')[0]!.padEnd(60)} ${parameters.join(' ')}: ${verdict}, ${seconds} s`);
    }
  } finally {
    await target.stop();
    await rm(sessions, { recursive: true, force: true });
  }
  return open;
}

interface Call {
  readonly path: string;
  readonly parameters: readonly string[];
  /** For a search, whose parameters no address may contain. */
  readonly body?: Readonly<Record<string, string>>;
}

const SEARCH = {
  name: '李敏',
  surname: '李',
  phone: '13800000000',
  identityNumber: 'E1234567',
  mrn: 'M00001',
};

/** Every list and search call, with a value for each of its parameters. */
async function callsOf(target: Target): Promise<Call[]> {
  const document = (await target.ask('/api/openapi.json')) as OpenAPIObject;
  const { items } = (await target.ask('/api/v1/patients?limit=1')) as { items: { id: string }[] };
  const { nextCursor } = (await target.ask('/api/v1/patients?limit=1')) as { nextCursor: string };
  const lists = operationsOf(document)
    .filter(({ method, parameters }) => method === 'GET' && parameters.some((one) => one.in === 'query'))
    .map(({ template, parameters }) => {
      const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      const query = names.map((name) => `${name}=${name === 'cursor' ? nextCursor : (VALUES[name] ?? 'x')}`);
      return { path: `${template.replace('{id}', items[0]!.id)}?${query.join('&')}`, parameters: names };
    });
  return [...lists, { path: '/api/v1/patients/search', parameters: Object.keys(SEARCH), body: SEARCH }];
}
