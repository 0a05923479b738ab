import { type NativeMemory, nativeMemory } from './libc.ts';
import { ADDRESS_SLOT_BYTES } from './socket-address.ts';

/** Larger than any datagram of ours, so that one that is too long is seen to be. */
export const SLOT_BYTES = 1536;
/** `struct mmsghdr` on 64-bit Linux (recvmmsg(2)): msghdr of 56 bytes, length, padding. */
const HEADER_BYTES = 64;
const MSG_NAMELEN = 8;
const MSG_IOV = 16;
const MSG_IOVLEN = 24;
const MSG_CONTROL = 32;
const MSG_CONTROLLEN = 40;
const MSG_LEN = 56;
const IOVEC_BYTES = 16;
const IOVEC_LEN = 8;
/** `struct cmsghdr`, then a `timespec` (cmsg(3), socket(7) on SO_TIMESTAMPNS). */
const CONTROL_BYTES = 32;
const CONTROL_SECONDS = 16;
const CONTROL_NANOSECONDS = 24;
const WORD = 4_294_967_296;

/** `count` datagrams as `recvmmsg` and `sendmmsg` want them: headers, vectors, addresses, control data and payloads in one memory. */
export class MmsgBatch {
  readonly count: number;
  readonly memory: NativeMemory;
  readonly #vectors: number;
  readonly #addresses: number;
  readonly #controls: number;
  readonly #payloads: number;

  constructor(count: number, isConnected: boolean) {
    this.count = count;
    this.#vectors = count * HEADER_BYTES;
    this.#addresses = this.#vectors + count * IOVEC_BYTES;
    this.#controls = this.#addresses + count * ADDRESS_SLOT_BYTES;
    this.#payloads = this.#controls + count * CONTROL_BYTES;
    this.memory = nativeMemory(this.#payloads + count * SLOT_BYTES);
    for (let i = 0; i < count; i++) {
      if (!isConnected) this.setAddress(i, this.memory.address + this.addressAt(i), ADDRESS_SLOT_BYTES);
      this.memory.view.setUint32(i * HEADER_BYTES + MSG_IOVLEN, 1, true);
      this.useVector(i, i);
      this.setPayload(i, this.memory.address + this.payloadAt(i), SLOT_BYTES);
    }
  }

  headersAt(first: number): number {
    return this.memory.address + first * HEADER_BYTES;
  }

  /** Where slot `i` keeps its `sockaddr` inside {@link memory}. */
  addressAt(i: number): number {
    return this.#addresses + i * ADDRESS_SLOT_BYTES;
  }

  /** Where slot `i` keeps its payload of {@link SLOT_BYTES} inside {@link memory}. */
  payloadAt(i: number): number {
    return this.#payloads + i * SLOT_BYTES;
  }

  /** Lets message `i` go to, or come with, the `sockaddr` of `bytes` at that address. */
  setAddress(i: number, address: number, bytes: number): void {
    this.#setPointer(i * HEADER_BYTES, address);
    this.setAddressBytes(i, bytes);
  }

  setAddressBytes(i: number, bytes: number): void {
    this.memory.view.setUint32(i * HEADER_BYTES + MSG_NAMELEN, bytes, true);
  }

  /** Lets message `i` carry what vector `vector` points to: many messages may carry the same bytes. */
  useVector(i: number, vector: number): void {
    this.#setPointer(i * HEADER_BYTES + MSG_IOV, this.memory.address + this.#vectors + vector * IOVEC_BYTES);
  }

  /** Lets vector `i` point to `bytes` bytes at that address. */
  setPayload(i: number, address: number, bytes: number): void {
    const at = this.#vectors + i * IOVEC_BYTES;
    this.#setPointer(at, address);
    this.memory.view.setUint32(at + IOVEC_LEN, bytes, true);
  }

  #setPointer(at: number, address: number): void {
    const { view } = this.memory;
    view.setUint32(at, address % WORD, true);
    view.setUint32(at + 4, Math.floor(address / WORD), true);
  }

  /** How many bytes came into slot `i`. */
  receivedBytes(i: number): number {
    return this.memory.view.getUint32(i * HEADER_BYTES + MSG_LEN, true);
  }

  /** Room for the kernel to say when datagram `i` came; to be given before each call. */
  askArrival(i: number): void {
    this.#setPointer(
      i * HEADER_BYTES + MSG_CONTROL,
      this.memory.address + this.#controls + i * CONTROL_BYTES,
    );
    this.memory.view.setUint32(i * HEADER_BYTES + MSG_CONTROLLEN, CONTROL_BYTES, true);
  }

  /** How long before `seconds` and `nanoseconds` (of the system's clock) datagram `i` came, µs; 0 when the kernel did not say. */
  waitedUs(i: number, seconds: number, nanoseconds: number): number {
    const { view } = this.memory;
    if (view.getUint32(i * HEADER_BYTES + MSG_CONTROLLEN, true) < CONTROL_BYTES) return 0;
    const at = this.#controls + i * CONTROL_BYTES;
    const cameSeconds =
      view.getUint32(at + CONTROL_SECONDS, true) + view.getUint32(at + CONTROL_SECONDS + 4, true) * WORD;
    const cameNanoseconds = view.getUint32(at + CONTROL_NANOSECONDS, true);
    return Math.max(0, (seconds - cameSeconds) * 1e6 + (nanoseconds - cameNanoseconds) / 1000);
  }
}
