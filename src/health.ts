import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import type { Config } from './config.js';

const OPEN_TO_WORKERS = ['/health/live', '/health/ready', '/metrics'];

/**
 * `/health/live`: this process answers. `/health/ready`: so does its database, with every migration.
 * Routes of Fastify's own, so that no guard and no prefix stands before them.
 */
export function addHealth(app: NestFastifyApplication, config: Config, dataSource: DataSource): void {
  const server = app.getHttpAdapter().getInstance();
  server.get('/health/live', () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const fault = await whyNotReady(dataSource);
    if (fault === undefined) return { status: 'ok' };
    const problem = { type: 'about:blank', title: fault, status: 503, code: 'not-ready' };
    return reply.status(503).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  });
  if (config.role !== 'worker') return;
  server.addHook('onRequest', async (request, reply) => {
    if (OPEN_TO_WORKERS.includes(request.url.split('?')[0] ?? '')) return;
    const title = 'This process only works: ask one whose NEDWATCH_ROLE is api or all.';
    const problem = { type: 'about:blank', title, status: 404, code: 'worker-only' };
    await reply.status(404).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  });
}

async function whyNotReady(dataSource: DataSource): Promise<string | undefined> {
  try {
    const behind = await dataSource.showMigrations();
    return behind ? 'The database lacks migrations. Run: bin/nedwatch migrate' : undefined;
  } catch {
    return 'The database cannot be reached.';
  }
}
