import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Failure } from '@jamnet/base';
import { Relay, type RelayCounters } from '@jamnet/toast';
import { nodeHopCrypto } from './node-hop-crypto.ts';

/** Asked of the kernel, which may give less: room for a stall of a second with four players. */
const SOCKET_BUFFER_BYTES = 4 << 20;
const TICK_MS = 1000;

export interface UdpRelayOptions {
  readonly host: string;
  /** 0 lets the system choose; the answer says which. */
  readonly port: number;
  /** 32 bytes shared with the studio that issues join tokens. */
  readonly tokenKey: Uint8Array;
  /** Between the moment all players are ready and sample 0, µs. */
  readonly startLeadUs?: number;
}

export interface RelayStats extends RelayCounters {
  readonly rooms: number;
  readonly players: number;
}

export interface UdpRelay {
  readonly port: number;
  stats(): RelayStats;
  close(): Promise<void>;
}

/** A TOAST relay on one UDP socket: the pure relay, fed with datagrams and the clock. */
export async function startUdpRelay(options: UdpRelayOptions): Promise<UdpRelay> {
  const socket = createSocket({ type: options.host.includes(':') ? 'udp6' : 'udp4' });
  const lead = options.startLeadUs === undefined ? {} : { startLeadUs: options.startLeadUs };
  const relay = new Relay({
    crypto: nodeHopCrypto,
    tokenKey: options.tokenKey,
    cookieKey: randomBytes(32),
    ...lead,
  });
  const port = await bind(socket, options);
  socket.on('message', (bytes, from) => {
    relay.datagram(nowUs(), `${from.address}:${from.port}`, bytes);
    drain(relay, socket);
  });
  // A peer's closed port comes back as an error of the send: the relay lets the peer time out.
  socket.on('error', () => undefined);
  const timer = setInterval(() => {
    relay.tick(nowUs());
    drain(relay, socket);
  }, TICK_MS);
  return {
    port,
    stats: () => ({ ...relay.counters, rooms: relay.rooms, players: relay.players }),
    close: async () => {
      clearInterval(timer);
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function bind(socket: Socket, { host, port }: UdpRelayOptions): Promise<number> {
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
  } catch (cause) {
    throw new Failure(
      'relay-port-unavailable',
      `UDP ${host}:${port} cannot be opened: choose another port.`,
      { cause },
    );
  }
  socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
  socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  return socket.address().port;
}

function drain(relay: Relay, socket: Socket): void {
  for (let next = relay.outgoing.shift(); next !== undefined; next = relay.outgoing.shift()) {
    const colon = next.to.lastIndexOf(':');
    socket.send(next.bytes, Number(next.to.slice(colon + 1)), next.to.slice(0, colon), () => undefined);
  }
}

/** UTC µs that never step back while the process lives. */
function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}
