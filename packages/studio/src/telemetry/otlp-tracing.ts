import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracesPlace } from '../config/traces-place.ts';
import type { OpenSpan, SpanFacts, Tracing } from './tracing.ts';

/** Spans that wait for the collector; of more the newest are dropped. */
export const SPANS_WAITING_MAX = 2_048;
/** Spans of one message. */
const SPANS_PER_SEND_MAX = 512;
const SEND_EVERY_MS = 2_000;
const SEND_MS_MAX = 5_000;
/** A studio that ends waits no longer than this for its collector. */
export const CLOSE_MS_MAX = 3_000;

const KINDS = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL } as const;

/** Spans by OTLP over HTTP in JSON, in the background; a collector that is gone costs the spans and nothing else. */
export function otlpTracing(
  { endpoint, ratio }: TracesPlace,
  { version, roles }: { readonly version: string; readonly roles: readonly string[] },
  tell: (line: string) => void,
): Tracing {
  const url = `${endpoint}/v1/traces`;
  const exporter = tellingExporter(new OTLPTraceExporter({ url, timeoutMillis: SEND_MS_MAX }), (isGone) =>
    tell(
      isGone
        ? `traces: ${endpoint} takes none: they are dropped until it does.\n`
        : `traces: ${endpoint} takes them again.\n`,
    ),
  );
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    // Names of machines and users stay out: processes of one studio are told apart by a number drawn for each.
    resource: resourceFromAttributes({
      'service.name': 'jamnet-studio',
      'service.version': version,
      'service.instance.id': randomUUID(),
      'jamnet.roles': roles.join(','),
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: SPANS_WAITING_MAX,
        maxExportBatchSize: SPANS_PER_SEND_MAX,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_MS_MAX,
      }),
    ],
  });
  const tracer = provider.getTracer('jamnet', version);
  const current = new AsyncLocalStorage<Span>();
  return {
    begin(name, kind, facts) {
      const parent = current.getStore();
      const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
      return opened(
        tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...facts } }, context),
        current,
      );
    },
    async close() {
      const ended = provider.shutdown().catch(() => undefined);
      await Promise.race([ended, delay(CLOSE_MS_MAX, undefined, { ref: false })]);
    },
  };
}

function opened(span: Span, current: AsyncLocalStorage<Span>): OpenSpan {
  return {
    run: (work) => current.run(span, work),
    reach: (step) => void span.addEvent(step),
    end(facts: SpanFacts, errorType: string | null) {
      span.setAttributes({ ...facts });
      if (errorType !== null) {
        span.setAttribute('error.type', errorType);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** Says when the collector goes and when it is back, once each. */
function tellingExporter(exporter: SpanExporter, onChange: (isGone: boolean) => void): SpanExporter {
  let isGone = false;
  return {
    export(spans, answer) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed !== isGone) onChange(failed);
        isGone = failed;
        // The failure is told: the library's own handler would tell of every batch.
        answer({ code: 0 });
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
