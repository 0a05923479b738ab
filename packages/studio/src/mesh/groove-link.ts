import type { Bar } from '@jamnet/groove';
import type { NodeMessage, StudioMessage } from '@jamnet/mesh';

export interface GrooveSessionOptions {
  /** A registered, connected node that offers sessions. */
  readonly node: string;
  /** Unique among open sessions, at most 128 characters. */
  readonly session: string;
  /** Part of each commitment; at most 128 characters. */
  readonly performance: string;
  readonly onCommit: (commit: { readonly bar: number; readonly commitment: Uint8Array }) => void;
  readonly onReveal: (reveal: {
    readonly bar: number;
    readonly forecast: Uint8Array;
    readonly salt: Uint8Array;
  }) => void;
  /** The node's connection ended before `close`. */
  readonly onLost: () => void;
}

/** The studio's end of one real-time session with one node. */
export class GrooveLink {
  readonly options: GrooveSessionOptions;
  readonly #send: (message: StudioMessage) => void;
  readonly #closed: () => void;

  constructor(options: GrooveSessionOptions, send: (message: StudioMessage) => void, closed: () => void) {
    this.options = options;
    this.#send = send;
    this.#closed = closed;
    send({ type: 'groove-open', session: options.session, performance: options.performance });
  }

  /** A bar is over: the node learns from it, and reveals what it committed for it. */
  release(bar: Bar): void {
    const hits = bar.hits.map(({ cell, offsetUs, velocity }) => ({ cell, offsetUs, velocity }));
    this.#send({ type: 'groove-bar', session: this.options.session, bar: { index: bar.index, hits } });
  }

  /** Asks for a commitment. `announced`: cells that the bar will hit, or `null` in the task *live*. */
  ask(bar: number, announced: readonly number[] | null, deadlineUs: bigint): void {
    const cells = announced ? [...announced] : null;
    this.#send({
      type: 'groove-ask',
      session: this.options.session,
      bar,
      announced: cells,
      deadlineUs: String(deadlineUs),
    });
  }

  close(): void {
    this.#send({ type: 'groove-close', session: this.options.session });
    this.#closed();
  }

  receive(message: Extract<NodeMessage, { type: 'groove-commit' | 'groove-reveal' }>): void {
    const { bar } = message;
    if (message.type === 'groove-commit')
      this.options.onCommit({ bar, commitment: Buffer.from(message.commitment, 'hex') });
    else {
      const forecast = Buffer.from(message.forecast, 'base64');
      this.options.onReveal({ bar, forecast, salt: Buffer.from(message.salt, 'hex') });
    }
  }
}
