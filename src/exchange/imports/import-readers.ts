import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CHECKOUT } from '../../platform/checkout.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Plan } from '../../guideline/planner.js';
import { GUIDELINES, versionedId } from '../../guideline/published/index.js';
import type { PlanTask } from '../../schedules/plan-basis.js';
import type { DeclaredNames, ImportKind, ParsedRow } from './rows/import-rows.js';
import type { FromReader, HowToRead, ToReader } from './import-worker.js';
import type { SheetReport, TableRow } from './roster/table-row.js';

/** The compiled worker, also where the program runs from its sources. */
const WORKER = join(CHECKOUT, 'dist/src/exchange/imports/import-worker.js');

/**
 * Limits of memory and of time for one step, for one file. Half the memory was enough for the worst file of 20 MB,
 * and 10 s.
 */
const LIMITS = { memoryMb: 128, withinMs: 60_000 };

/** Threads that read uploaded files: they may contain anything, and the process serves other requests meanwhile. */
@Injectable()
export class ImportReaders implements OnApplicationShutdown {
  /** A thread takes a while to start, so one waits for the next file. */
  private idle: ImportReader | undefined;

  /** Runs `work` with a reader of its own. */
  async use<T>(work: (reader: ImportReader) => Promise<T>): Promise<T> {
    const reader = this.idle ?? new ImportReader();
    this.idle = undefined;
    try {
      return await work(reader);
    } finally {
      await this.releaseReader(reader);
    }
  }

  private async releaseReader(reader: ImportReader): Promise<void> {
    if (reader.reset() && this.idle === undefined) this.idle = reader;
    else await reader.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.idle?.stop();
    this.idle = undefined;
  }
}

/** The content of a file: the rows of a CSV file with the contract's columns, or a spreadsheet. */
export interface ReadContent {
  readonly rows: ParsedRow<unknown>[];
  readonly headings: string[];
  readonly sheets: SheetReport[];
  readonly tableRows: TableRow[];
}

const noContent = (): ReadContent => ({ rows: [], headings: [], sheets: [], tableRows: [] });

/** The requests to the thread, one at a time. */
interface Question {
  readonly content: ReadContent;
  readonly resolve: (answer: FromReader) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads one file at a time, and computes its plans, in a thread with limits of memory and time. `rows` throws the
 * problems of the file.
 */
export class ImportReader {
  private readonly worker: Worker;
  private question: Question | undefined;
  /** Why it cannot read any more files. */
  private ended: Error | undefined;

  constructor(private readonly limits: Readonly<typeof LIMITS> = LIMITS) {
    const resourceLimits = { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 16 };
    this.worker = new Worker(WORKER, { resourceLimits });
    this.worker.unref();
    this.worker.on('message', (answer: FromReader) => this.hear(answer));
    this.worker.on('error', (error: NodeJS.ErrnoException) =>
      this.end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? this.tooComplex() : error),
    );
    this.worker.on('exit', () => this.end(new Error('The reader of imports has ended.')));
  }

  /** Passes the bytes on as they arrive; at most one piece waits in this thread. Always reads to the end. */
  async read(file: AsyncIterable<Buffer>): Promise<void> {
    for await (const piece of file) {
      if (this.ended) continue;
      const bytes = new Uint8Array(piece);
      await this.ask({ bytes }, [bytes.buffer]).catch((error: unknown) => {
        if (error !== this.ended) throw error;
      });
    }
  }

  /** The content of the file, row by row, as a file of this kind. */
  async content(
    kind: ImportKind,
    { activities, events }: DeclaredNames,
    how: HowToRead,
  ): Promise<ReadContent> {
    const content = noContent();
    await this.ask({ end: kind, declared: { activities, events }, how }, [], content);
    return content;
  }

  async plans(tasks: readonly PlanTask[]): Promise<readonly Plan[]> {
    const named = tasks.map(({ guideline, ...task }) => ({
      ...task,
      guideline: GUIDELINES.includes(guideline) ? versionedId(guideline) : guideline,
    }));
    const answer = await this.ask({ plans: named });
    if ('plans' in answer) return answer.plans;
    throw new Error('The reader of imports did not answer with plans.');
  }

  /** Discards the file. Returns whether the thread can read another one. */
  reset(): boolean {
    if (this.ended) return false;
    this.worker.postMessage({ drop: true } satisfies ToReader);
    return true;
  }

  async stop(): Promise<void> {
    this.end(new Error('The reader of imports was stopped.'));
    await this.worker.terminate();
  }

  private async ask(
    message: ToReader,
    transferred: ArrayBuffer[] = [],
    content: ReadContent = noContent(),
  ): Promise<FromReader> {
    if (this.ended) throw this.ended;
    const late = setTimeout(() => this.end(this.tooComplex()), this.limits.withinMs);
    try {
      return await new Promise<FromReader>((resolve, reject) => {
        this.question = { content, resolve, reject };
        this.worker.postMessage(message, transferred);
      });
    } finally {
      clearTimeout(late);
      this.question = undefined;
    }
  }

  private hear(answer: FromReader): void {
    const { question } = this;
    if (question === undefined) return;
    const { content } = question;
    if ('rows' in answer) for (const row of answer.rows) content.rows.push(row);
    else if ('tableRows' in answer) for (const row of answer.tableRows) content.tableRows.push(row);
    else if ('sheets' in answer) content.sheets.push(...answer.sheets);
    else if ('headings' in answer) content.headings.push(...answer.headings);
    else if ('refused' in answer) {
      const { issueType, code, text, faults, extension } = answer.refused;
      question.reject(new DomainError(issueType, code, text, faults, extension));
    } else question.resolve(answer);
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.question?.reject(this.ended);
    void this.worker.terminate();
  }

  private tooComplex(): DomainError {
    const seconds = Math.ceil(this.limits.withinMs / 1000);
    return new DomainError('too-large', 'file-too-complex', msg('file-too-complex', { seconds }));
  }
}
