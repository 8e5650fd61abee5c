import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { CHECKOUT } from '../checkout.js';
import { DomainError } from '../domain-error.js';
import { msg } from '../messages/dictionary.js';
import { Turns } from '../turns.js';
import type { FileFormat, Sheet } from './sheet.js';
import type { ToSheetWorker } from './sheet-worker.js';

/** The compiled worker, also where the program runs from its sources. */
const WORKER = join(CHECKOUT, 'dist/src/platform/spreadsheets/sheet-worker.js');

/** 5,000 rows of 20 columns took 80 MB and 0.7 s. */
const LIMITS = { memoryMb: 256, withinMs: 30_000 };

/** Rows in one message. All rows at once would be copied without a pause for other requests. */
const ROWS_AT_ONCE = 250;

export interface SheetTask {
  readonly sheets: readonly [Sheet, ...Sheet[]];
  readonly format: FileFormat;
}

/** Files that one process writes at a time; the others wait. */
const AT_ONCE = 2;

/**
 * Writes spreadsheets in threads with limits of memory and time: compressing 5,000 rows in this thread would delay every
 * other request by half a second.
 */
@Injectable()
export class SheetFiles {
  private readonly turns = pLimit(AT_ONCE);

  async write(task: SheetTask): Promise<Buffer> {
    return this.turns(() => this.written(task));
  }

  private async written(task: SheetTask): Promise<Buffer> {
    const resourceLimits = { maxOldGenerationSizeMb: LIMITS.memoryMb, maxYoungGenerationSizeMb: 32 };
    const worker = new Worker(WORKER, { resourceLimits });
    let late: NodeJS.Timeout | undefined;
    try {
      const bytes = await new Promise<Uint8Array>((resolve, reject) => {
        late = setTimeout(() => reject(tooSlow()), LIMITS.withinMs);
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('The thread that writes spreadsheets has ended.')));
        send(worker, task).catch(reject);
      });
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } finally {
      clearTimeout(late);
      void worker.terminate();
    }
  }
}

async function send(worker: Worker, { sheets, format }: SheetTask): Promise<void> {
  const say = (message: ToSheetWorker): void => worker.postMessage(message);
  const turns = new Turns();
  for (const { rows, ...sheet } of sheets) {
    say({ sheet });
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      await turns.next();
      say({ rows: rows.slice(at, at + ROWS_AT_ONCE) });
    }
  }
  say({ write: format });
}

const tooSlow = (): DomainError =>
  new DomainError('busy', 'export-too-slow', msg('export-too-slow', { seconds: LIMITS.withinMs / 1000 }));
