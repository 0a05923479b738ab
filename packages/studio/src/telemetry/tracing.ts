/** What a span may say: numbers, states and names of our own. Never who somebody is, nor what they sent. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A span that is open until {@link end}. */
export interface OpenSpan {
  /** Spans that begin within `work`, also after it waited, are children of this one. */
  run<T>(work: () => T): T;
  /** A step of it that is reached now. */
  reach(step: string): void;
  /** `errorType`: a code or the name of an error; `null`: it went well. */
  end(facts: SpanFacts, errorType: string | null): void;
}

/** Where time went, told to a collector; {@link NO_TRACING} where nobody asked for it. */
export interface Tracing {
  begin(name: string, kind: 'server' | 'internal', facts: SpanFacts): OpenSpan;
  /** Sends what waits, within a bound. */
  close(): Promise<void>;
}

const NO_SPAN: OpenSpan = { run: (work) => work(), reach: () => {}, end: () => {} };

export const NO_TRACING: Tracing = { begin: () => NO_SPAN, close: async () => {} };

/** A span around work; rejects as the work does. A refusal that the work answers is named, and is no error. */
export async function spanOf<T>(
  tracing: Tracing,
  name: string,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const span = tracing.begin(name, 'internal', {});
  try {
    const value = await span.run(() => work(span));
    const code = refusalOf(value);
    span.end(code === null ? {} : { 'jamnet.refusal': code }, null);
    return value;
  } catch (error) {
    span.end({}, errorTypeOf(error));
    throw error;
  }
}

/** The code of a refused `Result`. */
function refusalOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('ok' in value) || value.ok !== false) return null;
  return 'code' in value && typeof value.code === 'string' ? value.code : null;
}

/** A failure's code or an error's name: messages may hold names and addresses. */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
