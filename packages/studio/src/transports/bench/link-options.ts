/** What a network does to every datagram, each way. */
export interface LinkShape {
  readonly fixedMs: number;
  /** Uniform from 0, drawn for each datagram: they may overtake each other. */
  readonly jitterMs: number;
  /** Share that is dropped. */
  readonly loss: number;
}

export interface LinkOptions extends LinkShape {
  readonly host: string;
  readonly target: { readonly host: string; readonly port: number };
  readonly seed: string;
}

/** Kept for benchmarks (RFC 2544 §C.2.2); the far one is nobody, and what is sent to it comes back through the link. */
export const TUN_ADDRESS = { near: '198.18.77.1', far: '198.18.77.2' } as const;
export const TUN_NAME = 'jamnet-bench';

export interface TunOptions extends LinkShape {
  readonly seed: string;
  /** TCP port of whoever serves on the near address. */
  readonly serverPort: number;
}
