import { parentPort } from 'node:worker_threads';
import type { FileFormat, Sheet } from './sheet.js';
import { writtenSheets } from './written-sheet.js';

/** What the thread is asked for; it answers with the bytes of the file and is then ended. */
export interface SheetTask {
  readonly sheets: readonly [Sheet, ...Sheet[]];
  readonly format: FileFormat;
}

parentPort?.on('message', ({ sheets, format }: SheetTask) => {
  void writtenSheets(sheets, format).then((bytes) => {
    const own = new Uint8Array(bytes); // a buffer of a pool cannot be moved to another thread
    parentPort?.postMessage(own, [own.buffer]);
  });
});
