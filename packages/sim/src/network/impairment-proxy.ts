import { openUdpPort, runPorts, STOP, type UdpHandler, type UdpPort, type UdpPortKind } from '@jamnet/jambox';
import { DelayQueue } from './delay-queue.ts';
import { Impairment, type ImpairmentOptions } from './impairment.ts';

/** Addresses of peers behind one proxy; datagrams of further ones are dropped. */
const CLIENTS_MAX = 24;
const LOOK_EVERY_US = 20_000;

export interface ImpairmentProxyOptions extends ImpairmentOptions {
  readonly host: string;
  readonly port: number;
  readonly relay: { readonly host: string; readonly port: number };
  readonly udp?: UdpPortKind;
}

/** Stands between peers and a relay: peers send to the front port, and each has a port of its own towards the relay. */
export class ImpairmentProxy implements UdpHandler {
  readonly impairment: Impairment;
  readonly #front: UdpPort;
  /** Ports towards the relay, given to peers in the order in which they come. */
  readonly #upstream: readonly UdpPort[];
  readonly #clients: string[] = [];
  readonly #queue = new DelayQueue();
  readonly #isStopAsked: () => boolean;

  static async open(options: ImpairmentProxyOptions, isStopAsked: () => boolean): Promise<ImpairmentProxy> {
    const front = await openUdpPort({ host: options.host, port: options.port }, options.udp);
    const toRelay = { host: options.host, port: 0, remote: options.relay, batch: 32, queue: 64 };
    const upstream: UdpPort[] = [];
    for (let i = 0; i < CLIENTS_MAX; i++) upstream.push(await openUdpPort(toRelay, options.udp));
    return new ImpairmentProxy(options, front, upstream, isStopAsked);
  }

  private constructor(
    options: ImpairmentProxyOptions,
    front: UdpPort,
    upstream: readonly UdpPort[],
    isStopAsked: () => boolean,
  ) {
    this.impairment = new Impairment(options);
    this.#front = front;
    this.#upstream = upstream;
    this.#isStopAsked = isStopAsked;
  }

  get port(): number {
    return this.#front.port;
  }

  get udp(): UdpPortKind {
    return this.#front.kind;
  }

  async run(): Promise<void> {
    const ports = [this.#front, ...this.#upstream];
    await runPorts(ports, this);
    for (const port of ports) port.close();
  }

  datagram(nowUs: number, bytes: Uint8Array, from: string, port: UdpPort): void {
    if (port === this.#front) this.#up(bytes, from);
    else this.#down(nowUs, bytes, this.#clients[this.#upstream.indexOf(port)]);
  }

  #up(bytes: Uint8Array, client: string): void {
    let place = this.#clients.indexOf(client);
    if (place < 0) {
      if (this.#clients.length === CLIENTS_MAX) return;
      place = this.#clients.push(client) - 1;
    }
    this.impairment.up(client, bytes);
    this.#upstream[place]?.send(bytes, '');
  }

  #down(nowUs: number, bytes: Uint8Array, client: string | undefined): void {
    if (client === undefined) return;
    const delayMs = this.impairment.down(client, bytes);
    if (delayMs === 0) this.#front.send(bytes, client);
    else if (delayMs > 0 && !this.#queue.put(nowUs + delayMs * 1000, bytes, client))
      this.impairment.counters.overflowed++;
  }

  wake(nowUs: number): number {
    for (let due = this.#queue.take(nowUs); due !== null; due = this.#queue.take(nowUs))
      this.#front.send(due.bytes, due.to);
    return this.#isStopAsked() ? STOP : Math.min(this.#queue.nextUs, nowUs + LOOK_EVERY_US);
  }
}
