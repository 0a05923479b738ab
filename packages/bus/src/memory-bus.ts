import { ok, type Result } from '@jamnet/base';
import {
  type Bus,
  type BusCode,
  checkMessage,
  checkSubject,
  refuseClosed,
  refuseFull,
  SUBSCRIPTIONS_MAX,
  type Take,
} from './bus.ts';

/** Messages that are published in one turn and wait for the next; those beyond are lost, as a full connection's are. */
export const WAITING_MAX = 4096;

interface Subscription {
  readonly subject: string;
  readonly take: Take;
  isOpen: boolean;
}

/** The bus of one process: connections of one hub hear each other. */
export class MemoryHub {
  readonly #subscriptions = new Set<Subscription>();
  /** Waits only while a message is being handed over: a taker that publishes does not run into another's turn. */
  readonly #waiting: { readonly subject: string; readonly bytes: Uint8Array }[] = [];
  #isHandingOver = false;

  connect(): Bus {
    return new MemoryBus(this);
  }

  add(subscription: Subscription): void {
    this.#subscriptions.add(subscription);
  }

  remove(subscription: Subscription): void {
    subscription.isOpen = false;
    this.#subscriptions.delete(subscription);
  }

  publish(subject: string, bytes: Uint8Array): void {
    if (this.#waiting.length >= WAITING_MAX) return;
    this.#waiting.push({ subject, bytes: new Uint8Array(bytes) });
    if (this.#isHandingOver) return;
    this.#isHandingOver = true;
    // In a turn of its own, as over a network: whoever publishes goes on first.
    queueMicrotask(() => this.#handOver());
  }

  #handOver(): void {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        for (const each of [...this.#subscriptions])
          if (each.isOpen && each.subject === next.subject) each.take(new Uint8Array(next.bytes));
    } finally {
      this.#isHandingOver = false;
    }
  }
}

class MemoryBus implements Bus {
  readonly #hub: MemoryHub;
  readonly #own = new Set<Subscription>();
  #isClosed = false;

  constructor(hub: MemoryHub) {
    this.#hub = hub;
  }

  get isConnected(): boolean {
    return !this.#isClosed;
  }

  publish(subject: string, bytes: Uint8Array): Result<null, BusCode> {
    if (this.#isClosed) return refuseClosed();
    const checked = checkMessage(subject, bytes);
    if (!checked.ok) return checked;
    this.#hub.publish(subject, bytes);
    return ok(null);
  }

  subscribe(subject: string, take: Take): Result<() => void, BusCode> {
    if (this.#isClosed) return refuseClosed();
    const checked = checkSubject(subject);
    if (!checked.ok) return checked;
    if (this.#own.size >= SUBSCRIPTIONS_MAX) return refuseFull();
    const subscription: Subscription = { subject, take, isOpen: true };
    this.#own.add(subscription);
    this.#hub.add(subscription);
    return ok(() => {
      this.#own.delete(subscription);
      this.#hub.remove(subscription);
    });
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const subscription of this.#own) this.#hub.remove(subscription);
    this.#own.clear();
  }
}
