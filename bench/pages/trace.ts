import type { CDPSession } from 'playwright-core';
import { ANSWERED } from './probe.js';

/** An event of a trace, as far as it is used. Times are in microseconds; `tdur`: on the processor. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly tdur?: number;
  readonly args: { readonly data?: { readonly type?: string } };
}

const CATEGORIES = '-*,devtools.timeline,toplevel,blink.user_timing';
const TASK = 'ThreadControllerImpl::RunTask';
const OF_A_PERSON = ['keydown', 'mousedown'];

/** What the browser traces during the work. */
export async function traced(session: CDPSession, work: () => Promise<void>): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { readonly value: readonly object[] }): void =>
    void events.push(...(value as readonly TraceEvent[]));
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', { transferMode: 'ReportEvents', categories: CATEGORIES });
  await work();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect);
  return events;
}

/**
 * Milliseconds of processor time that the main thread spends from the key or mouse button until the answer is painted.
 * Other work on the machine does not count, so the figure is the same on a busy one.
 */
export function workUntilAnswer(events: readonly TraceEvent[]): number {
  const started = events.find(
    ({ name, args }) => name === 'EventDispatch' && OF_A_PERSON.includes(args.data?.type ?? ''),
  );
  const answered = events.find(({ name }) => name === ANSWERED);
  if (!started || !answered) throw new Error('The trace contains no event, or no answer.');
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => name === TASK && ph === 'X' && pid === started.pid && tid === started.tid,
  );
  // The task that dispatches the event begins before it.
  const first = tasks.filter(({ ts }) => ts <= started.ts).sort((a, b) => b.ts - a.ts)[0];
  const within = tasks.filter(({ ts }) => ts >= (first ?? started).ts && ts <= answered.ts);
  return within.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;
}
