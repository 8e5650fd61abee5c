import { programVersion } from '../checkout.js';
import type { Config } from '../config.js';
import { Collector } from './collector.js';
import type { IncomingRequest } from './outer-trace.js';
import { type Span, type SpanNotes, timed } from '../running-work.js';

/** Begins traces. Without a collector there are none, and nothing of OpenTelemetry is loaded. */
export class Tracing {
  constructor(
    private readonly begins?: (name: string, notes: SpanNotes, request?: IncomingRequest) => Span,
    private readonly ends?: () => Promise<void>,
  ) {}

  get isOn(): boolean {
    return this.begins !== undefined;
  }

  /** Begins the trace of a request, or continues the one of a proxy; undefined: tracing is off. */
  beginRequest(name: string, request: IncomingRequest): Span | undefined {
    return this.begins?.(name, {}, request);
  }

  /** Runs background work under this name as a trace of its own. */
  async trace<T>(name: string, notes: SpanNotes, work: (span: Pick<Span, 'note'>) => Promise<T>): Promise<T> {
    return timed(this.begins?.(name, notes), name, work);
  }

  /** Sends the spans that wait. */
  async onApplicationShutdown(): Promise<void> {
    await this.ends?.();
  }
}

/** Traces to the configured collector. */
export async function openTracing(
  config: Pick<Config, 'traceUrl' | 'traceShare' | 'outboundProxy' | 'role'>,
): Promise<Tracing> {
  const { traceUrl, traceShare, outboundProxy, role } = config;
  if (traceUrl === undefined) return new Tracing();
  const collector = new Collector(traceUrl, outboundProxy);
  const { TraceExport } = await import('./trace-export.js');
  const traces = new TraceExport({
    share: traceShare,
    about: { 'service.name': 'nedwatch', 'service.version': programVersion(), 'nedwatch.role': role },
    send: (body) => collector.send(body),
  });
  return new Tracing(
    (name, notes, request) => traces.begin(name, notes, request),
    async () => {
      await traces.close();
      await collector.close();
    },
  );
}
