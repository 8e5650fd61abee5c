import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { CHECKOUT } from '../../src/platform/checkout.js';

/** One origin for the pages of a program and for a bare React page, so that both have the same way. */
export interface Front {
  readonly origin: string;
  readonly close: () => void;
}

const DOCUMENT =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bare</title><script type="module" src="/bare/page.js"></script></head><body><div id="root"></div></body></html>';

export async function startFront(program: string): Promise<Front> {
  const script = await bareScript();
  const { hostname, port } = new URL(program);
  const server = createServer((incoming, answer) => {
    if (incoming.url === '/bare/page.js') {
      answer.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'gzip' }).end(script);
      return;
    }
    if (incoming.url?.startsWith('/bare') === true) {
      answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(DOCUMENT);
      return;
    }
    const { method, url: path, headers } = incoming;
    const passed = request({ hostname, port, method, path, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** React and the bare page in one file, as the pages are built. */
async function bareScript(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join(CHECKOUT, 'bench/pages/bare-page.mjs')],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'chrome90' },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [file] = outputFiles;
  if (!file) throw new Error('The bare page was not built.');
  return gzipSync(file.contents);
}
