import { type NativeMemory, nativeMemory } from './libc.ts';
import { CMSG, IOVEC, MMSGHDR, SLOT_BYTES, setPointer, WORD } from './mmsg-layout.ts';
import { ADDRESS_SLOT_BYTES } from './socket-address.ts';

/** A `cmsghdr` with a `timespec` (socket(7) on SO_TIMESTAMPNS). */
const CONTROL_BYTES = CMSG.data + 16;

/** `count` datagrams as `recvmmsg` fills them in: headers, vectors, addresses, control data and payloads in one memory. */
export class MmsgIncoming {
  readonly count: number;
  readonly memory: NativeMemory;
  readonly #addresses: number;
  readonly #controls: number;
  readonly #payloads: number;
  /** A view of each slot by the length of what came, made when first needed. */
  readonly #views: (Uint8Array | undefined)[][] = [];
  readonly #isConnected: boolean;
  readonly #hasArrivals: boolean;

  constructor(count: number, isConnected: boolean, hasArrivals: boolean) {
    this.count = count;
    this.#isConnected = isConnected;
    this.#hasArrivals = hasArrivals;
    const vectors = count * MMSGHDR.bytes;
    this.#addresses = vectors + count * IOVEC.bytes;
    this.#controls = this.#addresses + count * ADDRESS_SLOT_BYTES;
    this.#payloads = this.#controls + count * CONTROL_BYTES;
    this.memory = nativeMemory(this.#payloads + count * SLOT_BYTES);
    const { address, view } = this.memory;
    for (let i = 0; i < count; i++) {
      const header = i * MMSGHDR.bytes;
      const vector = vectors + i * IOVEC.bytes;
      if (!isConnected) setPointer(this.memory, header + MMSGHDR.name, address + this.addressAt(i));
      setPointer(this.memory, header + MMSGHDR.vectors, address + vector);
      view.setUint32(header + MMSGHDR.vectorCount, 1, true);
      setPointer(this.memory, vector + IOVEC.base, address + this.#payloads + i * SLOT_BYTES);
      view.setUint32(vector + IOVEC.length, SLOT_BYTES, true);
      if (hasArrivals)
        setPointer(this.memory, header + MMSGHDR.control, address + this.#controls + i * CONTROL_BYTES);
      this.renew(i);
    }
  }

  get headersAt(): number {
    return this.memory.address;
  }

  /** Gives slot `i` back to the kernel: how much room there is for address and control data. */
  renew(i: number): void {
    const header = i * MMSGHDR.bytes;
    this.memory.view.setUint32(header + MMSGHDR.nameBytes, this.#isConnected ? 0 : ADDRESS_SLOT_BYTES, true);
    this.memory.view.setUint32(header + MMSGHDR.controlBytes, this.#hasArrivals ? CONTROL_BYTES : 0, true);
  }

  /** Where slot `i` keeps its `sockaddr` inside {@link memory}. */
  addressAt(i: number): number {
    return this.#addresses + i * ADDRESS_SLOT_BYTES;
  }

  /** What came into slot `i`: the same view whenever the length is the same. */
  bytesOf(i: number): Uint8Array {
    let views = this.#views[i];
    if (views === undefined) {
      views = new Array<Uint8Array | undefined>(SLOT_BYTES + 1).fill(undefined);
      this.#views[i] = views;
    }
    const bytes = this.memory.view.getUint32(i * MMSGHDR.bytes + MMSGHDR.received, true);
    let view = views[bytes];
    if (view === undefined) {
      const at = this.#payloads + i * SLOT_BYTES;
      view = this.memory.bytes.subarray(at, at + bytes);
      views[bytes] = view;
    }
    return view;
  }

  /** How long before `seconds` and `nanoseconds` (of the system's clock) datagram `i` came, µs; 0 when the kernel did not say. */
  waitedUs(i: number, seconds: number, nanoseconds: number): number {
    const { view } = this.memory;
    if (view.getUint32(i * MMSGHDR.bytes + MMSGHDR.controlBytes, true) < CONTROL_BYTES) return 0;
    const at = this.#controls + i * CONTROL_BYTES + CMSG.data;
    const cameSeconds = view.getUint32(at, true) + view.getUint32(at + 4, true) * WORD;
    return Math.max(0, (seconds - cameSeconds) * 1e6 + (nanoseconds - view.getUint32(at + 8, true)) / 1000);
  }
}
