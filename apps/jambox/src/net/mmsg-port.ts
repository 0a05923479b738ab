import { Failure, present } from '@jamnet/base';
import { localNowUs } from '../local-clock.ts';
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
const SCRATCH_BYTES = ADDRESS_AT + ADDRESS_SLOT_BYTES;

interface KnownAddress {
  readonly bytes: Uint8Array;
}

/** UDP by recvmmsg and sendmmsg: up to 64 datagrams a system call. */
export class MmsgPort implements UdpPort {
  readonly kind = 'mmsg';
  readonly host: string;
  readonly port: number;
  refused = 0;
  readonly #libc: Libc;
  readonly fd: number;
  readonly #scratch: NativeMemory = nativeMemory(SCRATCH_BYTES);
  readonly #incoming: MmsgBatch;
  readonly #outgoing: MmsgBatch;
  readonly #isConnected: boolean;
  readonly #texts = new Map<number, string>();
  readonly #known = new Map<string, KnownAddress>();
  /** What lies in each outgoing slot's address, to write it only when it changes. */
  readonly #slotTo: string[] = [];
  #queued = 0;

  constructor(libc: Libc, options: UdpPortOptions) {
    this.#libc = libc;
    this.#isConnected = options.remote !== undefined;
    this.#incoming = new MmsgBatch(options.batch ?? BATCH, this.#isConnected);
    this.#outgoing = new MmsgBatch(options.queue ?? QUEUE, this.#isConnected);
    const family = options.host.includes(':') ? LINUX.afInet6 : LINUX.afInet;
    this.fd = libc.socket(family, LINUX.datagramSocket, 0);
    this.#require(this.fd, 'socket-unavailable', 'The system gives no UDP socket: too many files are open.');
    this.#enlarge();
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

  #enlarge(): void {
    this.#scratch.view.setInt32(INT_AT, SOCKET_BUFFER_BYTES, true);
    for (const option of [LINUX.soRcvbuf, LINUX.soSndbuf])
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
    if (this.#queued === this.#outgoing.count) this.flush();
    const slot = this.#queued++;
    this.#outgoing.payloads[slot]?.set(bytes);
    this.#outgoing.setBytes(slot, bytes.length);
    if (!this.#isConnected && this.#slotTo[slot] !== to) this.#address(slot, to);
  }

  #address(slot: number, to: string): void {
    const at = this.#outgoing.addressAt(slot);
    let known = this.#known.get(to);
    if (known === undefined) {
      const { host, port } = splitHostPort(to);
      const length = writeSocketAddress(this.#outgoing.memory, at, host, port);
      if (this.#known.size >= SOURCES_MAX) this.#known.clear();
      known = { bytes: this.#outgoing.memory.bytes.slice(at, at + length) };
      this.#known.set(to, known);
    }
    this.#outgoing.memory.bytes.set(known.bytes, at);
    this.#outgoing.setAddressBytes(slot, known.bytes.length);
    this.#slotTo[slot] = to;
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
      const count = this.#libc.recvmmsg(this.fd, batch.headersAt(0), batch.count, LINUX.msgDontwait, 0);
      if (count <= 0) return;
      const nowUs = localNowUs();
      for (let i = 0; i < count; i++) {
        const payload = present(batch.payloads[i], 'payload slot');
        handler.datagram(nowUs, payload.subarray(0, batch.receivedBytes(i)), this.#from(i), this);
        if (!this.#isConnected) batch.setAddressBytes(i, ADDRESS_SLOT_BYTES);
      }
      if (count < batch.count) return;
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
