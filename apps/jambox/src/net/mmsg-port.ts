import { isIP } from 'node:net';
import { Failure } from '@jamnet/base';
import { localNowUs } from '../local-clock.ts';
import { AddressBook } from './address-book.ts';
import { LINUX, type Libc, type NativeMemory, nativeMemory } from './libc.ts';
import { MmsgIncoming } from './mmsg-incoming.ts';
import { SLOT_BYTES, WORD } from './mmsg-layout.ts';
import { MmsgOutgoing } from './mmsg-outgoing.ts';
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
/** What the kernel says where it, or the device on the way, cannot segment: EIO, EINVAL, EMSGSIZE. */
const NO_SEGMENTATION: readonly number[] = [5, 22, 90];
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
  readonly #incoming: MmsgIncoming;
  readonly #outgoing: MmsgOutgoing;
  readonly #isConnected: boolean;
  readonly #texts = new Map<number, string>();
  readonly #book: AddressBook | null;
  readonly #hasArrivals: boolean;

  constructor(libc: Libc, options: UdpPortOptions) {
    this.#libc = libc;
    this.#isConnected = options.remote !== undefined;
    this.#hasArrivals = options.arrivalTimes === true;
    this.#book = this.#isConnected ? null : new AddressBook(SOURCES_MAX);
    this.#incoming = new MmsgIncoming(options.batch ?? BATCH, this.#isConnected, this.#hasArrivals);
    this.#outgoing = new MmsgOutgoing(options.queue ?? QUEUE, this.#isConnected ? 0 : SOURCES_MAX);
    if (isIP(options.host) === 0)
      throw new Failure('port-unavailable', `UDP "${options.host}" cannot be opened: give an IP address.`);
    const family = options.host.includes(':') ? LINUX.afInet6 : LINUX.afInet;
    this.fd = libc.socket(family, LINUX.datagramSocket, 0);
    this.#require(this.fd, 'socket-unavailable', 'The system gives no UDP socket: too many files are open.');
    this.#setOptions(options.receiveBufferBytes ?? SOCKET_BUFFER_BYTES);
    const { address } = this.#scratch;
    const bytes = writeSocketAddress(this.#scratch, ADDRESS_AT, options.host, options.port);
    this.#require(
      libc.bind(this.fd, address + ADDRESS_AT, bytes),
      'port-unavailable',
      `UDP ${options.host}:${options.port} cannot be opened: choose an address of this machine and a free port.`,
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

  #setOptions(receiveBufferBytes: number): void {
    this.#setOption(LINUX.soRcvbuf, receiveBufferBytes);
    this.#setOption(LINUX.soSndbuf, SOCKET_BUFFER_BYTES);
    if (this.#hasArrivals) this.#setOption(LINUX.soTimestampns, 1);
  }

  #setOption(option: number, value: number): void {
    this.#scratch.view.setInt32(INT_AT, value, true);
    this.#libc.setsockopt(this.fd, LINUX.solSocket, option, this.#scratch.address + INT_AT, 4);
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
    if (this.#outgoing.isFull) this.flush();
    this.#put(this.#payloadOf(bytes), bytes.length, place);
  }

  sendEach(bytes: Uint8Array, to: readonly string[]): void {
    if (this.#book === null || bytes.length > SLOT_BYTES) {
      this.refused += to.length;
      return;
    }
    let payload = -1;
    for (let i = 0; i < to.length; i++) {
      const place = this.#placeOf(to[i] ?? '');
      if (this.#outgoing.isFull) this.flush();
      // After a flush the copy's place belongs to the next one.
      if (payload < 0 || this.#outgoing.messages === 0) payload = this.#payloadOf(bytes);
      this.#put(payload, bytes.length, place);
    }
  }

  #put(payload: number, bytes: number, place: number): void {
    if (this.#book === null) this.#outgoing.put(payload, bytes, -1, 0, 0);
    else this.#outgoing.put(payload, bytes, place, this.#book.addressOf(place), this.#book.bytesOf(place));
  }

  /** Where the kernel finds `bytes`: in a copy, unless they lie where they arrived, which stays as it is until the next flush. */
  #payloadOf(bytes: Uint8Array): number {
    const { memory } = this.#incoming;
    if (bytes.buffer === memory.bytes.buffer) return memory.address + bytes.byteOffset;
    return this.#outgoing.keep(bytes);
  }

  /** Before a message is made: a full book starts anew, and what points into it has left by then. */
  #placeOf(to: string): number {
    if (this.#book === null) return -1;
    const place = this.#book.place(to);
    if (place >= 0) return place;
    this.flush();
    this.#book.clear();
    return this.#book.place(to);
  }

  flush(): void {
    const outgoing = this.#outgoing;
    if (outgoing.messages === 0) return;
    let first = 0;
    while (first < outgoing.messages) {
      const sent = this.#sendFrom(first, outgoing.messages - first);
      if (sent > 0) first += sent;
      else this.#afterRefusal(first++);
    }
    outgoing.clear();
  }

  #sendFrom(first: number, count: number): number {
    return this.#libc.sendmmsg(this.fd, this.#outgoing.headersAt(first), count, LINUX.msgDontwait);
  }

  /** Refused for this message alone (its receiver's port is closed, no buffer): the next one has its own chance. */
  #afterRefusal(message: number): void {
    const segments = this.#outgoing.segmentsOf(message);
    if (segments === 1 || !NO_SEGMENTATION.includes(this.#libc.errno())) {
      this.refused += segments;
      return;
    }
    // No segmentation on the way to this receiver: one by one from here on.
    this.#outgoing.maySegment = false;
    for (let segment = 0; segment < segments; segment++) {
      this.#outgoing.single(message, segment);
      if (this.#sendFrom(message, 1) <= 0) this.refused++;
    }
  }

  /** Feeds what has arrived, and does not wait for more. */
  receive(handler: UdpHandler): void {
    const { count: most } = this.#incoming;
    for (let turn = 0; turn < BATCHES_PER_TURN; turn++) {
      // What is still to be sent may lie in the memory that the next datagrams will be written to.
      this.flush();
      const count = this.#libc.recvmmsg(this.fd, this.#incoming.headersAt, most, LINUX.msgDontwait, 0);
      if (count <= 0) return;
      this.#feed(handler, count);
      if (count < most) return;
    }
  }

  #feed(handler: UdpHandler, count: number): void {
    const incoming = this.#incoming;
    const { view, address } = this.#scratch;
    if (this.#hasArrivals) this.#libc.clockGettime(LINUX.clockRealtime, address + TIMESPEC_AT);
    const seconds = view.getUint32(TIMESPEC_AT, true) + view.getUint32(TIMESPEC_AT + 4, true) * WORD;
    const nanoseconds = view.getUint32(TIMESPEC_AT + 8, true);
    const nowUs = localNowUs();
    for (let i = 0; i < count; i++) {
      if (this.#hasArrivals) this.waitedUs = incoming.waitedUs(i, seconds, nanoseconds);
      handler.datagram(nowUs, incoming.bytesOf(i), this.#from(i), this);
      incoming.renew(i);
    }
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
