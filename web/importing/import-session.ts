import { useSyncExternalStore } from 'react';
import {
  type CellAnswer,
  importFile,
  type ImportKind,
  type ImportReport,
  type ImportSheet,
} from '../calls/imports.js';
import { Refused } from '../calls/problem.js';
import { type Draft, EMPTY, withAnswer, withFile, withMeaning, withRefusal, withReport } from './draft.js';

/**
 * The import of this page. It lives beside the components, so that a person can leave it for the worklist and find it as it
 * was; a new page begins without one.
 */
class ImportSession {
  private draft: Draft = EMPTY;
  private readonly listeners = new Set<() => void>();

  readonly present = (): Draft => this.draft;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly startOver = (kind: ImportKind = this.draft.kind): void => this.put({ ...EMPTY, kind });

  readonly show = (step: Draft['step']): void => this.put({ ...this.draft, step });

  readonly choose = (file: File): Promise<void> => {
    this.put(withFile(this.draft, file));
    return this.check();
  };

  readonly mean = (heading: string, field: string | null): void =>
    this.put(withMeaning(this.draft, heading, field));

  readonly answer = (key: string, answer: CellAnswer | undefined): void =>
    this.put(withAnswer(this.draft, key, answer));

  /** Sends the file without writing anything. */
  readonly check = (): Promise<void> => this.send('check', false);

  /** Writes the rows; `acceptGood`: those that need no person, where others do. */
  readonly commit = (acceptGood: boolean): Promise<void> => this.send('import', acceptGood);

  private async send(running: 'check' | 'import', acceptGood: boolean): Promise<void> {
    const { file, kind, mapping, answers } = this.draft;
    if (!file) return;
    this.put({ ...this.draft, running, error: undefined });
    const isSame = (): boolean => this.draft.file === file;
    try {
      const request = { file, kind, mapping, answers: Object.values(answers) };
      const report = await importFile({ ...request, dryRun: running === 'check', acceptGood });
      if (isSame()) this.put(withReport(this.draft, report));
    } catch (error) {
      if (isSame()) this.put(withRefusal(this.draft, error, contentOf(error)));
    }
  }

  private put(draft: Draft): void {
    this.draft = draft;
    for (const listener of this.listeners) listener();
  }
}

interface RefusalContent {
  readonly sheets?: readonly ImportSheet[];
  readonly report?: ImportReport;
}

const contentOf = (error: unknown): RefusalContent =>
  error instanceof Refused ? (error.problem as RefusalContent) : {};

export const importSession = new ImportSession();

export const useDraft = (): Draft => useSyncExternalStore(importSession.subscribe, importSession.present);
