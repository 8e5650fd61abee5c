import { Logger } from '@nestjs/common';
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
import { programVersion } from '../checkout.js';
import type { Config } from '../config.js';
import { portOf, PRIVATE_RANGES } from '../outbound/outbound-address.js';
import { OutboundClient } from '../outbound/outbound-client.js';
import type { Span, SpanNotes } from '../running-work.js';
import type { IncomingRequest } from './outer-trace.js';

type Settings = Pick<Config, 'traceShare' | 'outboundProxy' | 'role'> & { readonly traceUrl: URL };

// What waits in memory while the collector does not answer; older spans are kept and newer ones dropped.
const LIMITS = { maxQueueSize: 4096, maxExportBatchSize: 256, scheduledDelayMillis: 2000 };
const WITHIN_MS = 5000;

/** Sends spans by OTLP over HTTP, in JSON, to the operator's collector. */
export class TraceExport {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  private readonly client: OutboundClient;

  constructor({ traceUrl, traceShare, outboundProxy, role }: Settings) {
    // The operator configures the collector, which often runs on the same machine. A client of its own: other requests
    // do not reach loopback by it.
    this.client = new OutboundClient({ loopback: true, proxy: outboundProxy });
    const root = new TraceIdRatioBasedSampler(traceShare);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        ...{ 'service.name': 'nedwatch', 'service.version': programVersion(), 'nedwatch.role': role },
      }),
      // The flag of an outer trace is ignored: a client must not decide what is kept.
      sampler: new ParentBasedSampler({ root, remoteParentSampled: root, remoteParentNotSampled: root }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new CollectorExporter(traceUrl, this.client),
          ...LIMITS,
          exportTimeoutMillis: 2 * WITHIN_MS,
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

  /** Sends the spans that wait, within the time of one request. */
  async close(): Promise<void> {
    await this.provider.shutdown();
    await this.client.onApplicationShutdown();
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

/** Sends each batch once. A batch that the collector does not accept is lost, and logged once until one is accepted. */
class CollectorExporter implements SpanExporter {
  private readonly log = new Logger('Tracing');
  private isFailing = false;
  private sending = Promise.resolve();

  constructor(
    private readonly url: URL,
    private readonly client: OutboundClient,
  ) {}

  export(spans: ReadableSpan[], report: (result: { code: number }) => void): void {
    this.sending = this.send(spans).then(
      () => {
        this.isFailing = false;
        report({ code: 0 });
      },
      (error: unknown) => {
        if (!this.isFailing) this.log.warn(`The collector of traces: ${(error as Error).message}`);
        this.isFailing = true;
        report({ code: 1 });
      },
    );
  }

  async shutdown(): Promise<void> {
    await this.sending;
  }

  private async send(spans: ReadableSpan[]): Promise<void> {
    const { url } = this;
    const body = Buffer.from(JsonTraceSerializer.serializeRequest(spans) ?? []).toString();
    const { status } = await this.client.ask({
      ...{ url: url.href, method: 'POST', body, headers: { 'content-type': 'application/json' } },
      networks: PRIVATE_RANGES.map((range) => ({ range, port: portOf(url.port, url.protocol) })),
    });
    if (status < 200 || status > 299) throw new Error(`answered ${status}`);
  }
}
