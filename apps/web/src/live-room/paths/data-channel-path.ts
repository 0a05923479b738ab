import { inTime, type PagePath, type PathListener } from './page-path.ts';
import { PathFault } from './path-fault.ts';

/** Bytes that may wait in SCTP, which queues under congestion control although it never sends again. */
const BACKLOG_BYTES_MAX = 8 * 1024;

/** Second choice, in the worker: `channel` is what the page made, or a port to it where channels cannot be handed over. */
export async function openDataChannel(
  channel: RTCDataChannel | MessagePort,
  listener: PathListener,
): Promise<PagePath> {
  return channel instanceof MessagePort
    ? await throughPort(channel, listener)
    : await direct(channel, listener);
}

async function direct(channel: RTCDataChannel, listener: PathListener): Promise<PagePath> {
  channel.binaryType = 'arraybuffer';
  const opening = new Promise<void>((resolve, reject) => {
    if (channel.readyState === 'open') resolve();
    channel.onopen = () => resolve();
    channel.onerror = () => reject(new PathFault('channel-failed'));
    channel.onclose = () => reject(new PathFault('channel-closed'));
  });
  channel.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) listener.packet(new Uint8Array(data));
  };
  await inTime(opening, () => channel.close());
  channel.onclose = () => listener.lost();
  return {
    kind: 'data-channel',
    send: (packet) => {
      if (channel.readyState !== 'open' || channel.bufferedAmount > BACKLOG_BYTES_MAX) return false;
      channel.send(packet as Uint8Array<ArrayBuffer>); // packets are never in shared memory
      return true;
    },
    close: () => {
      channel.onclose = null;
      channel.close();
    },
  };
}

/** The page says `true` once open, `false` when it ended, and passes packets both ways. */
async function throughPort(port: MessagePort, listener: PathListener): Promise<PagePath> {
  let isOpen = false;
  const opening = new Promise<void>((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) listener.packet(new Uint8Array(data));
      else if (data === true) {
        isOpen = true;
        resolve();
      } else if (isOpen) listener.lost();
      else reject(new PathFault('channel-closed'));
    };
  });
  await inTime(opening, () => port.postMessage(false));
  return {
    kind: 'data-channel',
    send: (packet) => {
      port.postMessage(packet);
      return true;
    },
    close: () => port.postMessage(false),
  };
}
