import type { NativeMemory } from './libc.ts';

/** Larger than any datagram of ours, so that one that is too long is seen to be. */
export const SLOT_BYTES = 1536;

/** `struct mmsghdr` on 64-bit Linux (recvmmsg(2)): msghdr of 56 bytes, length, padding. */
export const MMSGHDR = {
  name: 0,
  nameBytes: 8,
  vectors: 16,
  vectorCount: 24,
  control: 32,
  controlBytes: 40,
  received: 56,
  bytes: 64,
} as const;
/** `struct iovec`. */
export const IOVEC = { base: 0, length: 8, bytes: 16 } as const;
/** `struct cmsghdr` (cmsg(3)): length, level, type, then the data. */
export const CMSG = { length: 0, level: 8, type: 12, data: 16 } as const;

export const WORD = 4_294_967_296;

/** An address below 2⁵³ in two halves: a BigInt would be an object each time. */
export function setPointer(memory: NativeMemory, at: number, address: number): void {
  memory.view.setUint32(at, address % WORD, true);
  memory.view.setUint32(at + 4, Math.floor(address / WORD), true);
}
