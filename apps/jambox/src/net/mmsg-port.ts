import { Failure } from '@jamnet/base';
import { localNowUs } from '../local-clock.ts';
import { AddressBook } from './address-book.ts';
import { LINUX, type Libc, type NativeMemory, nativeMemory } from './libc.ts';
import { MmsgBatch, SLOT_BYTES } from './mmsg-batch.ts';
import {
  ADDRESS_SLOT_BYTES,
  addressKey,
  readSocketAddress,
  splitHostPort,
  writeSocketAddress,
} from './socket-address.ts';
import { SOCKET_BUFFER_BYTES, type UdpHandler, type UdpPort, type UdpPortOptions } from './udp-port.ts';

const BATCH = 64;
const QUEUE = 256;
/** Batches read before the handler is woken although more are waiting: a flood must not stop the beat. */
const BATCHES_PER_TURN = 4;
/** Sources whose text is remembered; beyond that the memory starts anew. */
const SOURCES_MAX = 4096;
/** An `int`, then a `sockaddr`. */
const INT_AT = 0;
const ADDRESS_AT = 8;
const TIMESPEC_AT = ADDRESS_AT + ADDRESS_SLOT_BYTES;
const SCRATCH_BYTES = TIMESPEC_AT + 16;

/**
 * UDP by recvmmsg and sendmmsg: many datagrams a system call, and no object per datagram. What is sent on to many while it is being
 * handled leaves straight from the memory that it arrived in.
 */
export class MmsgPort implements UdpPort {
  readonly kind = 'mmsg';
  readonly host: string;
  readonly port: number;
  refused = 0;
  waitedUs = 0;
  readonly #libc: Libc;
  readonly fd: number;
  readonly #scratch: NativeMemory = nativeMemory(SCRATCH_BYTES);
  readonly #incoming: MmsgBatch;
  readonly #outgoing: MmsgBatch;
  readonly #isConnected: boolean;
  readonly #texts = new Map<number, string>();
  readonly #book: AddressBook | null;
  /** A view of each incoming slot by the length of what came, made when first needed. */
  readonly #views: (Uint8Array | undefined)[][] = [];
  readonly #hasArrivals: boolean;
  #queued = 0;

  constructor(libc: Libc, options: UdpPortOptions) {
    this.#libc = libc;
    this.#isConnected = options.remote !== undefined;
    this.#hasArrivals = options.arrivalTimes === true;
    this.#book = this.#isConnected ? null : new AddressBook(SOURCES_MAX);
    this.#incoming = new MmsgBatch(options.batch ?? BATCH, this.#isConnected);
    this.#outgoing = new MmsgBatch(options.queue ?? QUEUE, this.#isConnected);
    const family = options.host.includes(':') ? LINUX.afInet6 : LINUX.afInet;
    this.fd = libc.socket(family, LINUX.datagramSocket, 0);
    this.#require(this.fd, 'socket-unavailable', 'The system gives no UDP socket: too many files are open.');
    this.#setOptions(options.bufferBytes ?? SOCKET_BUFFER_BYTES);
    const { address } = this.#scratch;
    const bytes = writeSocketAddress(this.#scratch, ADDRESS_AT, options.host, options.port);
    this.#require(
      libc.bind(this.fd, address + ADDRESS_AT, bytes),
      'port-unavailable',
      `UDP ${options.host}:${options.port} cannot be opened: choose another port.`,
    );
    if (options.remote !== undefined) this.#connect(options.remote);
    this.#scratch.view.setUint32(INT_AT, ADDRESS_SLOT_BYTES, true);
    libc.getsockname(this.fd, address + ADDRESS_AT, address + INT_AT);
    const own = splitHostPort(readSocketAddress(this.#scratch, ADDRESS_AT));
    this.host = own.host;
    this.port = own.port;
  }

  #connect(remote: { readonly host: string; readonly port: number }): void {
    const bytes = writeSocketAddress(this.#scratch, ADDRESS_AT, remote.host, remote.port);
    this.#require(
      this.#libc.connect(this.fd, this.#scratch.address + ADDRESS_AT, bytes),
      'remote-unreachable',
      `No way to ${remote.host}:${remote.port}: check the address.`,
    );
  }

  #setOptions(bufferBytes: number): void {
    this.#scratch.view.setInt32(INT_AT, bufferBytes, true);
    const set = (option: number) =>
      this.#libc.setsockopt(this.fd, LINUX.solSocket, option, this.#scratch.address + INT_AT, 4);
    for (const option of [LINUX.soRcvbuf, LINUX.soSndbuf]) set(option);
    this.#scratch.view.setInt32(INT_AT, 1, true);
    if (this.#hasArrivals) set(LINUX.soTimestampns);
  }

  #require(result: number, code: string, message: string): void {
    if (result >= 0) return;
    const errno = this.#libc.errno();
    if (this.fd >= 0) this.#libc.close(this.fd);
    throw new Failure(code, `${message} (errno ${errno})`);
  }

  send(bytes: Uint8Array, to: string): void {
    if (bytes.length > SLOT_BYTES) {
      this.refused++;
      return;
    }
    const place = this.#placeOf(to);
    this.#address(this.#reserve(bytes), place);
  }

  sendEach(bytes: Uint8Array, to: readonly string[]): void {
    if (this.#book === null || bytes.length > SLOT_BYTES) {
      this.refused += to.length;
      return;
    }
    let vector = -1;
    for (let i = 0; i < to.length; i++) {
      const place = this.#placeOf(to[i] ?? '');
      if (this.#queued === this.#outgoing.count) this.flush();
      // After a flush the queue begins anew, and with it what the vectors point to.
      if (vector < 0 || this.#queued === 0) vector = this.#reserve(bytes);
      else this.#outgoing.useVector(this.#queued++, vector);
      this.#address(this.#queued - 1, place);
    }
  }

  /** The next slot, carrying `bytes`: a copy, unless they lie where they arrived, which stays as it is until the next flush. */
  #reserve(bytes: Uint8Array): number {
    if (this.#queued === this.#outgoing.count) this.flush();
    const slot = this.#queued++;
    this.#outgoing.useVector(slot, slot);
    const incoming = this.#incoming.memory;
    if (bytes.buffer === incoming.bytes.buffer) {
      this.#outgoing.setPayload(slot, incoming.address + bytes.byteOffset, bytes.length);
    } else {
      const { memory } = this.#outgoing;
      const at = this.#outgoing.payloadAt(slot);
      memory.bytes.set(bytes, at);
      this.#outgoing.setPayload(slot, memory.address + at, bytes.length);
    }
    return slot;
  }

  /** Before a slot is taken: a full book starts anew, and what points into it has left by then. */
  #placeOf(to: string): number {
    if (this.#book === null) return -1;
    const place = this.#book.place(to);
    if (place >= 0) return place;
    this.flush();
    this.#book.clear();
    return this.#book.place(to);
  }

  #address(slot: number, place: number): void {
    if (this.#book !== null)
      this.#outgoing.setAddress(slot, this.#book.addressOf(place), this.#book.bytesOf(place));
  }

  flush(): void {
    let first = 0;
    while (first < this.#queued) {
      const sent = this.#libc.sendmmsg(
        this.fd,
        this.#outgoing.headersAt(first),
        this.#queued - first,
        LINUX.msgDontwait,
      );
      if (sent > 0) first += sent;
      else {
        // Refused for this datagram alone (its receiver's port is closed, no buffer): the next one has its own chance.
        this.refused++;
        first++;
      }
    }
    this.#queued = 0;
  }

  /** Feeds what has arrived, and does not wait for more. */
  receive(handler: UdpHandler): void {
    const batch = this.#incoming;
    for (let turn = 0; turn < BATCHES_PER_TURN; turn++) {
      // What is still to be sent may lie in the memory that the next datagrams will be written to.
      if (this.#queued > 0) this.flush();
      if (this.#hasArrivals) for (let i = 0; i < batch.count; i++) batch.askArrival(i);
      const count = this.#libc.recvmmsg(this.fd, batch.headersAt(0), batch.count, LINUX.msgDontwait, 0);
      if (count <= 0) return;
      this.#feed(handler, count);
      if (count < batch.count) return;
    }
  }

  #feed(handler: UdpHandler, count: number): void {
    const batch = this.#incoming;
    const { view, address } = this.#scratch;
    if (this.#hasArrivals) this.#libc.clockGettime(LINUX.clockRealtime, address + TIMESPEC_AT);
    const seconds = view.getUint32(TIMESPEC_AT, true) + view.getUint32(TIMESPEC_AT + 4, true) * 4_294_967_296;
    const nanoseconds = view.getUint32(TIMESPEC_AT + 8, true);
    const nowUs = localNowUs();
    for (let i = 0; i < count; i++) {
      if (this.#hasArrivals) this.waitedUs = batch.waitedUs(i, seconds, nanoseconds);
      handler.datagram(nowUs, this.#view(i, batch.receivedBytes(i)), this.#from(i), this);
      if (!this.#isConnected) batch.setAddressBytes(i, ADDRESS_SLOT_BYTES);
    }
  }

  #view(slot: number, bytes: number): Uint8Array {
    let views = this.#views[slot];
    if (views === undefined) {
      views = new Array<Uint8Array | undefined>(SLOT_BYTES + 1).fill(undefined);
      this.#views[slot] = views;
    }
    let view = views[bytes];
    if (view === undefined) {
      const at = this.#incoming.payloadAt(slot);
      view = this.#incoming.memory.bytes.subarray(at, at + bytes);
      views[bytes] = view;
    }
    return view;
  }

  #from(i: number): string {
    if (this.#isConnected) return '';
    const at = this.#incoming.addressAt(i);
    const key = addressKey(this.#incoming.memory, at);
    const known = key < 0 ? undefined : this.#texts.get(key);
    if (known !== undefined) return known;
    const text = readSocketAddress(this.#incoming.memory, at);
    if (this.#texts.size >= SOURCES_MAX) this.#texts.clear();
    if (key >= 0) this.#texts.set(key, text);
    return text;
  }

  close(): void {
    this.#libc.close(this.fd);
  }
}
