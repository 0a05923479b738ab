import type { HostNotice, StudioMessage } from '@jamnet/mesh';
import type { LinkSocket } from '../client/link-socket.ts';

/** A socket whose other end is the test. */
export class SocketAtHand implements LinkSocket {
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: {
    type: string;
    call?: number;
    protocol?: string;
    grooveSessions?: number;
    notice?: HostNotice;
  }[] = [];
  readonly #listeners = new Map<string, ((event: never) => void)[]>();

  send(data: string | Uint8Array): void {
    this.sent.push(JSON.parse(String(data)));
  }

  close(code = 1005, reason = ''): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 3;
    this.emit('close', { code, reason });
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  emit(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  say(message: StudioMessage): void {
    this.emit('message', { data: JSON.stringify(message) });
  }
}
