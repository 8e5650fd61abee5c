import { AsyncLocalStorage } from 'node:async_hooks';

/** What a span may say. No field can hold patient data: the list is closed, and texts are ids or words of the program. */
export interface SpanNotes {
  /** The id of the hospital. */
  readonly hospital?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  /** The HTTP status of an answer; null: none came. */
  readonly status?: number | null;
  readonly count?: number;
  readonly outcome?: 'accepted' | 'refused' | 'unreachable' | 'unclear' | 'throttled';
}

/** One timed part of a trace. */
export interface Span {
  readonly traceId: string;
  note(notes: SpanNotes): void;
  child(name: string, notes: SpanNotes): Span;
  end(hasFailed: boolean): void;
}

/** What this asynchronous path works on. */
export interface RunningWork {
  /** The operation id of a call, or the name of background work. */
  readonly name: string;
  /** Undefined: the work is not traced. */
  readonly span?: Span | undefined;
}

const running = new AsyncLocalStorage<RunningWork>();

/** The work in which the caller runs; undefined outside any. */
export const runningWork = (): RunningWork | undefined => running.getStore();

/** Runs `start`, and everything that it begins, as a part of `work`. */
export const runAs = <T>(work: RunningWork, start: () => T): T => running.run(work, start);

const NO_SPAN: Pick<Span, 'note'> = { note: () => undefined };

/** Runs `work` as a part of the running work. It is a span of its own where the running work is traced. */
export async function inSpan<T>(
  name: string,
  notes: SpanNotes,
  work: (span: Pick<Span, 'note'>) => Promise<T>,
): Promise<T> {
  const current = running.getStore();
  if (current?.span === undefined) return work(NO_SPAN);
  return timed(current.span.child(name, notes), current.name, work);
}

/** Runs `work` under this name, in this span; ends the span with it. */
export async function timed<T>(
  span: Span | undefined,
  name: string,
  work: (span: Pick<Span, 'note'>) => Promise<T>,
): Promise<T> {
  let hasFailed = true;
  try {
    const done = await running.run({ name, span }, () => work(span ?? NO_SPAN));
    hasFailed = false;
    return done;
  } finally {
    span?.end(hasFailed);
  }
}
