/** Integers of the wire are 64 bits wide and hold at most 2⁵³ − 1, which JavaScript numbers carry exactly. */
export function writeUint53(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, Math.floor(value / 4294967296));
  view.setUint32(offset + 4, value >>> 0);
}

/** The integer at `offset`, or −1 when it exceeds 2⁵³ − 1. */
export function readUint53(view: DataView, offset: number): number {
  const high = view.getUint32(offset);
  return high > 0x1fffff ? -1 : high * 4294967296 + view.getUint32(offset + 4);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
