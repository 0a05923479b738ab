import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Failure } from '@jamnet/base';

/** Asked of the kernel, which may give less: a stalled process must not lose what already arrived. */
const SOCKET_BUFFER_BYTES = 4 << 20;

/** A UDP socket connected to the relay: the kernel drops datagrams from anywhere else. */
export async function openPeerSocket(relay: { host: string; port: number }): Promise<Socket> {
  const socket = createSocket(relay.host.includes(':') ? 'udp6' : 'udp4');
  socket.connect(relay.port, relay.host);
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new Failure(
      'relay-unreachable',
      `No way to ${relay.host}:${relay.port}: check the relay's address.`,
      { cause },
    );
  }
  socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
  socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  // A relay that restarts answers with ICMP errors for a while: the session notices its silence and joins again.
  socket.on('error', () => undefined);
  return socket;
}
