import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DelayLine } from './delay-line.ts';
import { Impairment, type ImpairmentCounters, type ImpairmentOptions } from './impairment.ts';

const SOCKET_BUFFER_BYTES = 4 << 20;
/** Peers behind one proxy; datagrams of further addresses are dropped. */
const CLIENTS_MAX = 64;

export interface ImpairmentProxyOptions extends ImpairmentOptions {
  readonly host: string;
  readonly port: number;
  readonly relay: { readonly host: string; readonly port: number };
}

export interface ImpairmentProxy {
  readonly port: number;
  counters(): ImpairmentCounters;
  close(): Promise<void>;
}

/** Stands between peers and a relay: peers send here, and each has a socket of its own towards the relay. */
export async function startImpairmentProxy(options: ImpairmentProxyOptions): Promise<ImpairmentProxy> {
  const impairment = new Impairment(options);
  const front = await openSocket(options.port, options.host);
  const upstream = new Map<string, Socket>();
  const line = new DelayLine();
  front.on('message', (bytes, from) => {
    const client = `${from.address}:${from.port}`;
    impairment.up(client, bytes);
    const known = upstream.get(client);
    if (known !== undefined) known.send(bytes, options.relay.port, options.relay.host, () => undefined);
    else if (upstream.size < CLIENTS_MAX) {
      const socket = openUpstream(client, from.address, from.port);
      upstream.set(client, socket);
      // The first datagram waits for its socket: it is a join, which the peer repeats anyway.
      socket.once('listening', () =>
        socket.send(bytes, options.relay.port, options.relay.host, () => undefined),
      );
    }
  });

  function openUpstream(client: string, address: string, port: number): Socket {
    const socket = createSocket('udp4');
    socket.bind(0, options.host);
    socket.once('listening', () => enlarge(socket));
    socket.on('error', () => undefined);
    socket.on('message', (bytes) => {
      const delayMs = impairment.down(client, bytes);
      const pass = (): void => front.send(bytes, port, address, () => undefined);
      if (delayMs === 0) pass();
      else if (delayMs > 0) line.after(delayMs, pass);
    });
    return socket;
  }

  return {
    port: front.address().port,
    counters: () => ({ ...impairment.counters }),
    close: async () => {
      for (const socket of upstream.values()) socket.close();
      front.close();
      line.close();
      await once(front, 'close');
    },
  };
}

async function openSocket(port: number, host: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, host);
  await once(socket, 'listening');
  enlarge(socket);
  socket.on('error', () => undefined);
  return socket;
}

function enlarge(socket: Socket): void {
  socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
  socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
}
