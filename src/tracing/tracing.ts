import type { IncomingHttpHeaders } from 'node:http';
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Operation } from '../telemetry.ts';
import type { TracingSettings } from './settings.ts';

/** Longest time for an export, also for the last one when the server ends. */
const EXPORT_TIMEOUT_MS = 5000;
const EXPORT_INTERVAL_MS = 2000;
/** Spans that wait for the collector; more are dropped. */
const MAX_QUEUED_SPANS = 4096;

/** Longest attribute, such as SQL. */
const MAX_TEXT_LENGTH = 2000;

/** A request's span. */
export interface RequestSpan {
  readonly traceId: string;
  /** Adds a span for an operation that has just ended. */
  addOperation(operation: Operation): void;
  end(outcome: { route: string; status: number | undefined }): void;
}

export interface Tracing {
  /** Starts the span of a request, as part of the caller's trace where `traceparent` names one. */
  start(method: string, headers: IncomingHttpHeaders): RequestSpan;
  /** Sends what is left, for a few seconds at most. */
  close(): Promise<void>;
}

interface ExportLog {
  warn(details: object, message: string): void;
  info(message: string): void;
}

/** Creates a tracer that sends spans in the background. The SDK's global state stays untouched. */
export function createTracing(settings: TracingSettings, version: string, log: ExportLog): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${settings.endpoint}/v1/traces`,
    headers: settings.headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.version': version, ...settings.resource }),
    ),
    sampler: samplerOf(settings.sampler),
    spanLimits: { attributeValueLengthLimit: MAX_TEXT_LENGTH },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: withFailureLog(exporter, log),
        scheduledDelayMillis: EXPORT_INTERVAL_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        maxQueueSize: MAX_QUEUED_SPANS,
      }),
    ],
  });
  const tracer = provider.getTracer('tally', version);
  const propagator = new W3CTraceContextPropagator();
  return {
    start(method, headers) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': method };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      return requestSpan(tracer, span, method, parent);
    },
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, EXPORT_TIMEOUT_MS);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

function requestSpan(tracer: Tracer, span: Span, method: string, parent: Context): RequestSpan {
  const context = trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    addOperation(operation) {
      if (span.isRecording()) addOperation(tracer, context, operation);
    },
    end({ route, status }) {
      span.updateName(`${method} ${route}`);
      span.setAttribute('http.route', route);
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (status === undefined || status >= 500) {
        span.setAttribute('error.type', status === undefined ? 'aborted' : String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** Adds a span, with the kind of an error and not its text, which may have values. */
function addOperation(tracer: Tracer, parent: Context, operation: Operation): void {
  const { kind, name, sql, startedAt, ms, error } = operation;
  const startTime = performance.timeOrigin + startedAt;
  const attributes = {
    ...(sql !== undefined && { 'db.query.text': sql, 'db.operation.name': name }),
    ...(error !== undefined && { 'error.type': (error as Error).name ?? 'Error' }),
  };
  const isRemote = kind === 'statement' || kind === 'storage';
  const spanKind = isRemote ? SpanKind.CLIENT : SpanKind.INTERNAL;
  const span = tracer.startSpan(
    `${kind} ${name}`,
    { kind: spanKind, startTime, attributes },
    parent,
  );
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(startTime + ms);
}

function samplerOf({ name, ratio }: TracingSettings['sampler']): Sampler {
  const root = name.endsWith('always_on')
    ? new AlwaysOnSampler()
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio);
  return name.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}

/** Logs the first of several exports that fail one after the other, and the one that succeeds after them. */
function withFailureLog(exporter: SpanExporter, log: ExportLog): SpanExporter {
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code === ExportResultCode.FAILED;
        // The error of the SDK may have the headers of its request.
        const reason = (result.error as NodeJS.ErrnoException | undefined)?.message;
        if (failed && !failing) log.warn({ reason }, 'traces cannot be sent; some will be missing');
        if (!failed && failing) log.info('traces are sent again');
        failing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
