import { type NativeMemory, nativeMemory } from './libc.ts';
import { ADDRESS_SLOT_BYTES } from './socket-address.ts';

/** Larger than any datagram of ours, so that one that is too long is seen to be. */
export const SLOT_BYTES = 1536;
/** `struct mmsghdr` on 64-bit Linux (recvmmsg(2)): msghdr of 56 bytes, length, padding. */
const HEADER_BYTES = 64;
const MSG_NAMELEN = 8;
const MSG_LEN = 56;
const IOVEC_BYTES = 16;
const IOVEC_LEN = 8;

/** `count` datagrams as `recvmmsg` and `sendmmsg` want them: headers, addresses, vectors and payloads in one memory. */
export class MmsgBatch {
  readonly count: number;
  readonly memory: NativeMemory;
  /** Payload slots, each {@link SLOT_BYTES} long. */
  readonly payloads: readonly Uint8Array[];
  readonly #addresses: number;
  readonly #vectors: number;

  constructor(count: number, isConnected: boolean) {
    this.count = count;
    this.#vectors = count * HEADER_BYTES;
    this.#addresses = this.#vectors + count * IOVEC_BYTES;
    const payloads = this.#addresses + count * ADDRESS_SLOT_BYTES;
    this.memory = nativeMemory(payloads + count * SLOT_BYTES);
    const { view, address, bytes } = this.memory;
    this.payloads = Array.from({ length: count }, (_, i) =>
      bytes.subarray(payloads + i * SLOT_BYTES, payloads + (i + 1) * SLOT_BYTES),
    );
    for (let i = 0; i < count; i++) {
      const header = i * HEADER_BYTES;
      const vector = this.#vectors + i * IOVEC_BYTES;
      if (!isConnected) view.setBigUint64(header, BigInt(address + this.addressAt(i)), true);
      view.setBigUint64(header + 16, BigInt(address + vector), true);
      view.setBigUint64(header + 24, 1n, true);
      view.setBigUint64(vector, BigInt(address + payloads + i * SLOT_BYTES), true);
      this.setBytes(i, SLOT_BYTES);
      this.setAddressBytes(i, isConnected ? 0 : ADDRESS_SLOT_BYTES);
    }
  }

  headersAt(first: number): number {
    return this.memory.address + first * HEADER_BYTES;
  }

  /** Where slot `i` keeps its `sockaddr` inside {@link memory}. */
  addressAt(i: number): number {
    return this.#addresses + i * ADDRESS_SLOT_BYTES;
  }

  setAddressBytes(i: number, bytes: number): void {
    this.memory.view.setUint32(i * HEADER_BYTES + MSG_NAMELEN, bytes, true);
  }

  /** How long the payload to be sent is; a batch that receives leaves it at the whole slot. */
  setBytes(i: number, bytes: number): void {
    this.memory.view.setUint32(this.#vectors + i * IOVEC_BYTES + IOVEC_LEN, bytes, true);
  }

  /** How many bytes came into slot `i`. */
  receivedBytes(i: number): number {
    return this.memory.view.getUint32(i * HEADER_BYTES + MSG_LEN, true);
  }
}
