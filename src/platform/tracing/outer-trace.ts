/** The trace that a trusted proxy began: the ids of the W3C header `traceparent`. */
export interface OuterTrace {
  readonly traceId: string;
  readonly spanId: string;
}

/** A request, and the trace that it continues. */
export interface IncomingRequest {
  readonly outer: OuterTrace | undefined;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The ids of the header `traceparent`; undefined where it is none. Its flags are ignored: the program decides what it keeps. */
export function outerTraceOf(header: string | string[] | undefined): OuterTrace | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(String(header)) ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
