import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span as ApiSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Span, SpanNotes } from '../running-work.js';
import type { IncomingRequest } from './outer-trace.js';

/**
 * How traces are kept and sent. The parts of the program that do so are handed over: the build puts this file and
 * OpenTelemetry into a part of their own, and what both needed would be loaded before the rest of the program.
 */
interface Settings {
  /** The share of traces that is kept. */
  readonly share: number;
  /** What the process is, as OpenTelemetry names it. */
  readonly about: Attributes;
  readonly send: (body: string) => Promise<void>;
}

// What waits in memory while the collector does not answer; older spans are kept and newer ones dropped.
const LIMITS = { maxQueueSize: 4096, maxExportBatchSize: 256, scheduledDelayMillis: 2000 };
const EXPORTED_WITHIN_MS = 10_000;

/** Writes spans as OTLP in JSON. */
export class TraceExport {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor({ share, about, send }: Settings) {
    const root = new TraceIdRatioBasedSampler(share);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes(about),
      // The flag of an outer trace is ignored: a client must not decide what is kept.
      sampler: new ParentBasedSampler({ root, remoteParentSampled: root, remoteParentNotSampled: root }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new JsonExporter(send),
          ...LIMITS,
          exportTimeoutMillis: EXPORTED_WITHIN_MS,
        }),
      ],
    });
    this.tracer = this.provider.getTracer('nedwatch');
  }

  begin(name: string, notes: SpanNotes, request?: IncomingRequest): Span {
    const parent = request?.outer && { ...request.outer, traceFlags: TraceFlags.NONE, isRemote: true };
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const kind = request ? SpanKind.SERVER : SpanKind.INTERNAL;
    return new ExportedSpan(this.tracer, name, notes, context, kind);
  }

  /** Sends the spans that wait. */
  async close(): Promise<void> {
    await this.provider.shutdown();
  }
}

class ExportedSpan implements Span {
  private readonly span: ApiSpan;

  constructor(
    private readonly tracer: Tracer,
    name: string,
    notes: SpanNotes,
    context: Context,
    kind = SpanKind.INTERNAL,
  ) {
    this.span = tracer.startSpan(name, { kind, attributes: attributesOf(notes) }, context);
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  note(notes: SpanNotes): void {
    this.span.setAttributes(attributesOf(notes));
  }

  child(name: string, notes: SpanNotes): Span {
    return new ExportedSpan(this.tracer, name, notes, trace.setSpan(ROOT_CONTEXT, this.span));
  }

  /** Without the error's text, which may name a patient. */
  end(hasFailed: boolean): void {
    if (hasFailed) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

/** Field by field, so that nothing else leaves. */
function attributesOf({ hospital, roles, status, count, outcome }: SpanNotes): Attributes {
  return {
    ...(hospital !== undefined && { 'nedwatch.hospital': hospital }),
    ...(roles !== undefined && { 'nedwatch.roles': roles.join(',') }),
    ...(typeof status === 'number' && { 'http.response.status_code': status }),
    ...(count !== undefined && { 'nedwatch.count': count }),
    ...(outcome !== undefined && { 'nedwatch.outcome': outcome }),
  };
}

/** Sends each batch once. */
class JsonExporter implements SpanExporter {
  private sending = Promise.resolve();

  constructor(private readonly send: Settings['send']) {}

  export(spans: ReadableSpan[], report: (result: { code: number }) => void): void {
    const body = Buffer.from(JsonTraceSerializer.serializeRequest(spans) ?? []).toString();
    this.sending = this.send(body).then(
      () => report({ code: 0 }),
      () => report({ code: 1 }),
    );
  }

  async shutdown(): Promise<void> {
    await this.sending;
  }
}
