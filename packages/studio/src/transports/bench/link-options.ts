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
