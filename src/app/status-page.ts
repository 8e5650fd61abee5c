import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CHECKOUT } from '../platform/checkout.js';

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/status': ['status.html', 'text/html; charset=utf-8'],
  '/status/status.js': ['status.js', 'text/javascript; charset=utf-8'],
  '/status/status-words.js': ['status-words.js', 'text/javascript; charset=utf-8'],
  '/status/status.css': ['status.css', 'text/css; charset=utf-8'],
};

/**
 * `/status` for people, who sign in on the page. Its files are read once: if one is missing, the program does not
 * start. Fastify's own routes, so that neither guard nor prefix applies to them; the files contain no data.
 */
export function addStatusPage(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  for (const [path, [file, type]] of Object.entries(FILES)) {
    const text = readFileSync(join(CHECKOUT, 'web/status', file), 'utf8');
    server.get(path, (_request, reply) => reply.type(type).send(text));
  }
}
