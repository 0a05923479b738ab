import { FLAG_HELD, HEADER_BYTES, type Header } from './header.ts';

/** Bit n: seat n got the datagram straight from its sender, and the relay need not pass it on there; 0 without the flag. */
export function heldSeats(datagram: Uint8Array, header: Pick<Header, 'flags' | 'bodyBytes'>): number {
  if ((header.flags & FLAG_HELD) === 0) return 0;
  const at = HEADER_BYTES + header.bodyBytes;
  return ((datagram[at] ?? 0) << 8) | (datagram[at + 1] ?? 0);
}

export function writeHeldSeats(datagram: Uint8Array, bodyBytes: number, seats: number): void {
  datagram[HEADER_BYTES + bodyBytes] = (seats >> 8) & 255;
  datagram[HEADER_BYTES + bodyBytes + 1] = seats & 255;
}
