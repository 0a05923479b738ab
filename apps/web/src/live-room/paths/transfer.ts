/** Hands a channel over where the browser can; else a port through which the page passes its packets. */
export function asTransferable(channel: RTCDataChannel): {
  channel: RTCDataChannel | MessagePort;
  transfer: Transferable[];
} {
  if (canTransferChannels()) return { channel, transfer: [channel as unknown as Transferable] }; // transferable by WebRTC Extensions §7; the DOM library does not know
  const { port1, port2 } = new MessageChannel();
  channel.binaryType = 'arraybuffer';
  channel.onopen = () => port1.postMessage(true);
  channel.onclose = () => port1.postMessage(false);
  channel.onmessage = ({ data }) => port1.postMessage(data, [data]);
  port1.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === false) channel.close();
    else if (data instanceof Uint8Array && channel.readyState === 'open')
      channel.send(data as Uint8Array<ArrayBuffer>); // from a message: never shared
  };
  return { channel: port2, transfer: [port2] };
}

let canTransfer: boolean | undefined;

/** Tried once on a channel of no use. */
function canTransferChannels(): boolean {
  if (canTransfer !== undefined) return canTransfer;
  const peer = new RTCPeerConnection();
  try {
    const probe = peer.createDataChannel('probe');
    structuredClone(probe, { transfer: [probe as unknown as Transferable] }); // as above
    canTransfer = true;
  } catch {
    canTransfer = false;
  }
  peer.close();
  return canTransfer;
}
