import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CHECKOUT } from '../platform/checkout.js';

const FOLDER = join(CHECKOUT, 'dist-pages');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
};

/** A picture is compressed already. */
const COMPRESSIBLE = ['.css', '.js'];

/** First parts of addresses that belong to programs, where an unknown address is a refusal and no page. */
const NOT_PAGES = ['api', 'assets', 'cds-services', 'fhir', 'health', 'metrics', 'status'];
/** A pattern rather than `/*`, which would also take the addresses that the router itself refuses. */
const PAGE = `/:page(^(?!(?:${NOT_PAGES.join('|')})$)[^.]+$)`;

/** The name of a file changes with its content. */
const KEPT_FOR_A_YEAR = { 'cache-control': 'public, max-age=31536000, immutable' };

/**
 * The pages for people, as `web` was built. Their files contain no data and are read once. Every other address that a
 * browser opens is answered with the one document of the pages, which shows the page of that address.
 */
export function addPages(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  const html = readBuilt('index.html');
  for (const name of readdirSync(join(FOLDER, 'assets'))) {
    const content = readBuilt(join('assets', name));
    const isCompressible = COMPRESSIBLE.includes(extname(name));
    let compressed: Buffer | undefined;
    server.get(`/assets/${name}`, ({ headers }, reply) => {
      void reply
        .headers(KEPT_FOR_A_YEAR)
        .header('vary', 'accept-encoding')
        .type(TYPES[extname(name)] ?? 'application/octet-stream');
      if (!isCompressible || !acceptsGzip(headers['accept-encoding'])) return reply.send(content);
      return reply.header('content-encoding', 'gzip').send((compressed ??= gzipSync(content)));
    });
  }
  const answerPage = (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    if (!isPage(request)) return void reply.callNotFound();
    return reply
      .header('cache-control', 'no-cache')
      .type(TYPES['.html'] ?? '')
      .send(html);
  };
  for (const address of ['/', PAGE, `${PAGE}/*`]) server.get(address, answerPage);
}

/** These files contain no secret, so their compressed size says nothing about one. */
const acceptsGzip = (encodings = ''): boolean =>
  /\bgzip\b(?!;q=0(\.0*)?(,|$))/.test(encodings.replace(/ /g, ''));

/** A program asks for JSON, and a missing file is no page. */
const isPage = ({ url, headers }: FastifyRequest): boolean =>
  (headers.accept ?? '').includes('text/html') && extname(url.split('?')[0] ?? '') === '';

function readBuilt(file: string): Buffer {
  return readFileSync(join(FOLDER, file));
}
