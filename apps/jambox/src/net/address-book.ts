import { type NativeMemory, nativeMemory } from './libc.ts';
import { ADDRESS_SLOT_BYTES, splitHostPort, writeSocketAddress } from './socket-address.ts';

/** Addresses kept as the kernel reads them, so that sending to one again is a look-up and no text is taken apart. */
export class AddressBook {
  readonly #memory: NativeMemory;
  readonly #lengths: Uint8Array;
  readonly #places = new Map<string, number>();
  readonly #max: number;

  constructor(addressesMax: number) {
    this.#max = addressesMax;
    this.#memory = nativeMemory(addressesMax * ADDRESS_SLOT_BYTES);
    this.#lengths = new Uint8Array(addressesMax);
  }

  /** The place of `to`, or −1: it is unknown and the book is full. */
  place(to: string): number {
    const known = this.#places.get(to);
    if (known !== undefined) return known;
    const place = this.#places.size;
    if (place >= this.#max) return -1;
    const { host, port } = splitHostPort(to);
    this.#lengths[place] = writeSocketAddress(this.#memory, place * ADDRESS_SLOT_BYTES, host, port);
    this.#places.set(to, place);
    return place;
  }

  addressOf(place: number): number {
    return this.#memory.address + place * ADDRESS_SLOT_BYTES;
  }

  bytesOf(place: number): number {
    return this.#lengths[place] ?? 0;
  }

  /** Forgets all: only while nothing that waits points into the book. */
  clear(): void {
    this.#places.clear();
  }
}
