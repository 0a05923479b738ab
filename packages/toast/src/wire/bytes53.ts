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

/** The same without a view of the bytes, which lie whole inside them. */
export function uint53At(bytes: Uint8Array, offset: number): number {
  const high = uint32At(bytes, offset);
  return high > 0x1fffff ? -1 : high * 4294967296 + uint32At(bytes, offset + 4);
}

export function uint32At(bytes: Uint8Array, offset: number): number {
  return (
    (((bytes[offset] ?? 0) << 24) |
      ((bytes[offset + 1] ?? 0) << 16) |
      ((bytes[offset + 2] ?? 0) << 8) |
      (bytes[offset + 3] ?? 0)) >>>
    0
  );
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
