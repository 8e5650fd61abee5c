import { once } from 'node:events';

/** Writes the line, and waits while the reader of standard output is slower than this program. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
