import { inTime, type PagePath, type PathListener } from './page-path.ts';
import { PathFault } from './path-fault.ts';

/** Bytes that may wait in the browser; then packets are dropped: late sound is no sound. */
const BACKLOG_BYTES_MAX = 32 * 1024;

/** Last choice: works wherever the page itself came through, and stalls on every lost segment. */
export async function openWebSocket(url: string, listener: PathListener): Promise<PagePath> {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const opening = new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new PathFault('refused'));
  });
  await inTime(opening, () => socket.close());
  socket.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) listener.packet(new Uint8Array(data));
  };
  socket.onclose = () => listener.lost();
  return {
    kind: 'websocket',
    send: (packet) => {
      if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > BACKLOG_BYTES_MAX) return false;
      socket.send(packet as Uint8Array<ArrayBuffer>); // packets are never in shared memory
      return true;
    },
    close: () => {
      socket.onclose = null;
      socket.close();
    },
  };
}
