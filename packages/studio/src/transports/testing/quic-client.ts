import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { concatBytes } from '@jamnet/base';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config } from '@matrixai/quic/native/types.js';
import { FRAME, STREAM } from '../http3/codes.ts';
import { decodeFieldSection } from '../http3/field-section.ts';
import { FrameReader } from '../http3/frame-reader.ts';
import { varint } from '../http3/varint.ts';
import { QuicPeer } from '../webtransport/quic-peer.ts';

export interface WebTransportClient {
  /** Status of the CONNECT. */
  readonly status: number;
  send(packet: Uint8Array): void;
  /** Writes raw bytes on a stream, for what a browser would never send. */
  write(stream: number, bytes: Uint8Array, fin: boolean): void;
  /** The server closed the connection. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const CONTROL_STREAM = 2;

/** A WebTransport client by the same QUIC: what browsers send, said plainly, for tests without one. */
export async function connectWebTransport(
  port: number,
  request: { readonly path: string; readonly origin: string },
  onPacket: (packet: Uint8Array) => void,
): Promise<WebTransportClient> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const local = { host: '127.0.0.1', port: socket.address().port };
  const remote = { host: '127.0.0.1', port };
  const id = randomBytes(quiche.MAX_CONN_ID_LEN);
  const connection = quiche.Connection.connect(null, id, local, remote, clientConfig());
  let tellEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });
  let isClosed = false;
  const peer = new QuicPeer(connection, local, {
    send: (bytes, to) => {
      if (!isClosed) socket.send(bytes, to.port, to.host, () => undefined);
    },
    ended: () => undefined,
  });
  const status = await new Promise<number>((resolve) => {
    const reader = new FrameReader({
      decide: (type) => (type === FRAME.headers ? 'keep' : 'skip'),
      frame: (_, payload) => {
        const fields = decodeFieldSection(payload);
        resolve(fields.ok ? Number(fields.value[0]?.value) : -1);
      },
      piece: () => undefined,
    });
    peer.serve({
      established: () => {
        peer.write(
          CONTROL_STREAM,
          concatBytes(varint(STREAM.control), varint(FRAME.settings), varint(2), varint(0x33), varint(1)),
          false,
        );
        peer.write(0, connectFrame(request), false);
      },
      stream: (stream, bytes) => {
        if (stream === 0) reader.push(bytes);
      },
      aborted: () => resolve(-1),
      datagram: (bytes) => onPacket(bytes.slice(1)), // session 0: one byte of zero
      ended: () => {
        resolve(-1);
        tellEnd();
      },
    });
    socket.on('message', (packet, from) => peer.receive(packet, { host: from.address, port: from.port }));
    peer.flush();
  });
  return {
    status,
    send: (packet) => void peer.sendDatagram(concatBytes(Uint8Array.of(0), packet)),
    write: (stream, bytes, fin) => {
      peer.write(stream, bytes, fin);
      peer.flush();
    },
    ended,
    close: async () => {
      peer.close(0x100, '');
      // What was just sent still has to leave.
      await new Promise((resolve) => setImmediate(resolve));
      isClosed = true;
      socket.close();
      await once(socket, 'close');
    },
  };
}

function clientConfig(): Config {
  const config = quiche.Config.withBoringSslCtx(false, false, null, null, null, null);
  config.setApplicationProtos(['h3']);
  config.setMaxIdleTimeout(10_000);
  config.setMaxSendUdpPayloadSize(1350);
  config.setInitialMaxData(1 << 20);
  config.setInitialMaxStreamDataBidiLocal(1 << 16);
  config.setInitialMaxStreamDataUni(1 << 16);
  config.setInitialMaxStreamsBidi(8);
  config.setInitialMaxStreamsUni(8);
  config.enableDgram(true, 256, 256);
  return config;
}

/** The first datagram of a client that never says more, as somebody sends it who is not where it says. */
export function firstPacket(port: number): Uint8Array {
  const [local, remote] = [
    { host: '127.0.0.1', port: 9 },
    { host: '127.0.0.1', port },
  ];
  const id = randomBytes(quiche.MAX_CONN_ID_LEN);
  const out = new Uint8Array(1500);
  const sent = quiche.Connection.connect(null, id, local, remote, clientConfig()).send(out);
  return out.subarray(0, sent?.[0] ?? 0);
}

function connectFrame({ path, origin }: { readonly path: string; readonly origin: string }): Uint8Array {
  const lines = Object.entries({
    ':method': 'CONNECT',
    ':protocol': 'webtransport',
    ':scheme': 'https',
    ':authority': '127.0.0.1',
    ':path': path,
    origin,
  });
  const section = concatBytes(
    Uint8Array.of(0, 0),
    ...lines.flatMap(([name, value]) => [text(0x20, 7, name), text(0, 127, value)]),
  );
  return concatBytes(varint(FRAME.headers), varint(section.length), section);
}

/** A literal string with a length prefix whose largest number is `most`. */
function text(pattern: number, most: number, value: string): Uint8Array {
  const { length } = value;
  const head = length < most ? [pattern | length] : [pattern | most, ...continued(length - most)];
  return concatBytes(Uint8Array.from(head), Buffer.from(value));
}

function continued(rest: number): number[] {
  return rest < 128 ? [rest] : [(rest & 127) | 128, ...continued(rest >> 7)];
}
