import { parentPort } from 'node:worker_threads';
import type { FileFormat, Sheet } from './sheet.js';
import { writtenSheets } from './written-sheet.js';

/**
 * Messages to the thread: each sheet without its rows, followed by its rows in parts, and last the format. It answers with the
 * bytes of the file and is then ended.
 */
export type ToSheetWorker =
  | { readonly sheet: Omit<Sheet, 'rows'> }
  | { readonly rows: Sheet['rows'] }
  | { readonly write: FileFormat };

type GrowingSheet = Omit<Sheet, 'rows'> & { readonly rows: Sheet['rows'][number][] };

const sheets: GrowingSheet[] = [];

parentPort?.on('message', (message: ToSheetWorker) => {
  if ('sheet' in message) sheets.push({ ...message.sheet, rows: [] });
  else if ('rows' in message) sheets.at(-1)?.rows.push(...message.rows);
  else void write(message.write);
});

async function write(format: FileFormat): Promise<void> {
  const [first, ...others] = sheets;
  if (first === undefined) throw new Error('A file has at least one sheet.');
  const bytes = await writtenSheets([first, ...others], format);
  const own = new Uint8Array(bytes); // a buffer of a pool cannot be moved to another thread
  parentPort?.postMessage(own, [own.buffer]);
}
