import { inTime, type PagePath, type PathListener } from './page-path.ts';
import { PathFault } from './path-fault.ts';

/** Datagrams that wait this long, ms, are too old to be worth sending. */
const OUTGOING_AGE_MS = 30;
const WAITING_MAX = 64;

export interface WebTransportPlace {
  readonly url: string;
  readonly sha256: Uint8Array<ArrayBuffer>;
}

/** First choice: unreliable datagrams over QUIC, which stay flat where everything else stalls on loss. */
export async function openWebTransport(place: WebTransportPlace, listener: PathListener): Promise<PagePath> {
  if (typeof WebTransport === 'undefined') throw new PathFault('browser-lacks-it');
  const transport = new WebTransport(place.url, {
    serverCertificateHashes: [{ algorithm: 'sha-256', value: place.sha256 }],
    congestionControl: 'low-latency',
    requireUnreliable: true,
  });
  // The end is told below; unheard it would be an unhandled rejection.
  transport.closed.catch(() => undefined);
  await inTime(transport.ready, () => transport.close());
  const { datagrams } = transport;
  datagrams.outgoingMaxAge = OUTGOING_AGE_MS;
  datagrams.incomingMaxAge = 1000;
  const writer = writableOf(datagrams).getWriter();
  let waiting = 0;
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    listener.lost();
  };
  transport.closed.then(over, over);
  void readAll(datagrams.readable, listener, over);
  return {
    kind: 'webtransport',
    send: (packet) => {
      if (isOver || waiting >= WAITING_MAX || packet.length > datagrams.maxDatagramSize) return false;
      waiting++;
      writer.write(packet).then(
        () => {
          waiting--;
        },
        () => {
          waiting--;
        },
      );
      return true;
    },
    close: () => {
      isOver = true;
      transport.close();
    },
  };
}

/** `createWritable()` took the place of `writable` in the specification; browsers have one or the other. */
function writableOf(datagrams: WebTransportDatagramDuplexStream): WritableStream<Uint8Array> {
  const newer = datagrams as { createWritable?: () => WritableStream<Uint8Array> };
  return newer.createWritable?.() ?? datagrams.writable;
}

async function readAll(
  readable: ReadableStream<Uint8Array>,
  listener: PathListener,
  over: () => void,
): Promise<void> {
  const reader = readable.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      listener.packet(value);
    }
  } catch {
    // The connection ended.
  }
  over();
}
