import { Agent, fetch, type Response } from 'undici';
import { Readiness } from '../../src/platform/readiness.js';
import { ApiProxy, hasHaproxy } from '../faults/api-proxy.js';
import { startApp, type TestApp } from '../support/app.js';
import { until } from '../support/webhook-receiver.js';
import { describeWhere } from '../support/where-present.js';

// packaging/haproxy.cfg in a real HAProxy. Several addresses of loopback are the clients.

describeWhere(hasHaproxy(), 'haproxy')('behind HAProxy', () => {
  let proxy: ApiProxy;
  let t: TestApp;
  const agents: Agent[] = [];

  beforeAll(async () => {
    proxy = await ApiProxy.start();
    t = await startApp({ role: 'api', trustedProxies: ['127.0.0.1'], publicUrl: proxy.url });
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    await t.close();
    await proxy.stop();
  });

  const ask = (path: string, from = '127.0.0.1', headers: Record<string, string> = {}): Promise<Response> => {
    const agent = new Agent({ localAddress: from, connect: { ca: proxy.certificate, family: 4 } });
    agents.push(agent);
    return fetch(`${proxy.url}${path}`, { dispatcher: agent, headers });
  };

  test('while no process is ready, a call is refused in the form of the program, to be sent again', async () => {
    const answer = await ask('/api/v1/worklist');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ status: 503, code: 'busy', title: expect.any(String) });
  });

  test('a request has the address of its client, whatever its headers claim', async () => {
    await t.app.listen(proxy.ports.api1, '127.0.0.1');
    await proxy.isUp('api1');
    const key = { name: 'HIS', roles: ['nurse'], addresses: ['127.0.0.9/32'] };
    const { body } = await t.post('/api-keys', key);
    const authorization = `Bearer ${(body as { key: string }).key}`;
    const from = async (address: string, headers = {}): Promise<number> =>
      (await ask('/api/v1/worklist', address, { authorization, ...headers })).status;
    expect(await from('127.0.0.9')).toBe(200);
    expect(await from('127.0.0.8')).toBe(401);
    expect(await from('127.0.0.8', { 'x-forwarded-for': '127.0.0.9' })).toBe(401);
    expect(await from('127.0.0.9', { 'x-forwarded-for': '127.0.0.8' })).toBe(200);
  });

  test('metrics are served to this machine only, pages to every client', async () => {
    expect((await ask('/metrics')).status).toBe(200);
    expect((await ask('/metrics', '127.0.0.9')).status).toBe(403);
    const page = await ask('/status', '127.0.0.9');
    expect([page.status, page.headers.get('strict-transport-security')]).toEqual([200, 'max-age=31536000']);
  });

  test('a file of the pages that no process has is not found', async () => {
    expect((await ask('/assets/of-another-version.js')).status).toBe(404);
  });

  test('a process that ends gets no new call after a few seconds', async () => {
    t.app.get(Readiness).isEnding = true;
    const began = performance.now();
    await until(
      () => proxy.stateOf('api1'),
      ({ status }) => status === 'DOWN',
    );
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
