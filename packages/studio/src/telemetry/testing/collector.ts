import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON. */
export interface ToldSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: number };
  }[];
  readonly events?: readonly { readonly name: string }[];
  readonly status: { readonly code?: number };
}

interface ToldTraces {
  readonly resourceSpans: readonly {
    readonly resource: unknown;
    readonly scopeSpans: readonly { readonly spans: readonly ToldSpan[] }[];
  }[];
}

/** A collector of OTLP over HTTP that keeps what it is sent, in the order in which it came. */
export interface Collector {
  readonly endpoint: string;
  readonly paths: readonly string[];
  readonly spans: readonly ToldSpan[];
  /** All that was sent, resources included, as text. */
  readonly text: string;
  close(): Promise<void>;
}

/** `answers` false: it takes what comes and never says a word. */
export async function startCollector({ answers = true, port = 0 } = {}): Promise<Collector> {
  const paths: string[] = [];
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    paths.push(request.url ?? '');
    bodies.push(body);
    if (answers) response.setHeader('content-type', 'application/json').end('{}');
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    get spans() {
      return bodies.flatMap((body) =>
        (JSON.parse(body) as ToldTraces).resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) => spans),
        ),
      );
    },
    get text() {
      return bodies.join('\n');
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
