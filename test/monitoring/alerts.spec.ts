import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { startApp, type TestApp } from '../support/app.js';
import { testWhere } from '../support/where-present.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const RULES = join(CHECKOUT, 'deploy/observability/alerts.yml');
const read = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');

const { groups } = load(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('deploy/observability/dashboard.json')) as {
  panels: { type: string; title: string; targets?: { expr: string }[] }[];
};
const drawn = panels.filter(({ type }) => type !== 'row');

/** The metrics of this program; Prometheus itself adds `up`. */
const metricsOf = (expression: string): string[] =>
  expression.match(/\b(nedwatch|nodejs|process)_\w+/g) ?? [];

let t: TestApp;
let metrics: string;
beforeAll(async () => {
  t = await startApp();
  await t.get('/patients');
  metrics = (await t.get('/metrics')).body as string;
});
afterAll(() => t.close());

/** Each metric of the answer by its name, and the series of a histogram by theirs. */
function present(): Set<string> {
  const types = [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name],
    ),
  );
}

test('each metric of an alert is in the answer of /metrics', () => {
  const named = rules.map(({ alert, expr }) => [alert, metricsOf(expr)] as const);
  const wrong = named.filter(([, names]) => names.some((name) => !present().has(name)));

  expect(wrong).toEqual([]);
  expect(named.filter(([, names]) => names.length === 0)).toEqual([['NedwatchDown', []]]);
});

test('each panel of the dashboard draws metrics of the answer of /metrics', () => {
  const named = drawn.map(
    ({ title, targets = [] }) => [title, targets.flatMap(({ expr }) => metricsOf(expr))] as const,
  );
  const wrong = named.filter(([, names]) => names.length === 0 || names.some((name) => !present().has(name)));

  expect(wrong).toEqual([]);
});

test('each metric about delivery is in an alert or on the dashboard', () => {
  const used = new Set(
    [...rules, ...drawn.flatMap(({ targets = [] }) => targets)].flatMap(({ expr }) => metricsOf(expr)),
  );
  const unused = [...present()].filter((name) => name.startsWith('nedwatch_') && !used.has(name));

  expect(unused).toEqual(['nedwatch_http_request_seconds_sum']);
});

test('requests are counted by the first digit of their status', () => {
  expect(metrics).toMatch(/^nedwatch_http_request_seconds_count\{status="2xx"\} [1-9]/m);
});

test.each(['docs/operations/alerts.md', 'docs/operations/alerts.zh-CN.md'])(
  'each alert has its section with steps in %s',
  (page) => {
    const sections = new Map(
      [...read(page).matchAll(/^## (\w+)\n([^]*?)(?=^## |(?![^]))/gm)].map(([, name, text]) => [name, text]),
    );
    expect([...sections.keys()].sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const text of sections.values()) expect(text?.match(/^\d+\. /gm)?.length ?? 0).toBeGreaterThan(2);
  },
);

test('each alert names its section, how severe it is and what happened', () => {
  for (const { alert, labels, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/operations/alerts.md#${alert.toLowerCase()}`);
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(10);
  }
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
testWhere(hasPromtool, 'promtool')('Prometheus reads the rules', () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', RULES], { encoding: 'utf8' });

  expect(`${stdout}${stderr}`).toContain(`SUCCESS: ${rules.length} rules found`);
  expect(status).toBe(0);
});
