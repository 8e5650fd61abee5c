import { once } from 'node:events';

/** Waits while the reader is slower than we are, so that nothing piles up. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
