/** What a program does with a socket: it is fed datagrams and woken in time; it never waits itself. */
export interface UdpHandler {
  /**
   * One datagram. `bytes` lie in the port's buffer and are only good during the call; `from` is `host:port`, in the
   * spelling that {@link UdpPort.send} takes.
   */
  datagram(nowUs: number, bytes: Uint8Array, from: string, port: UdpPort): void;
  /**
   * Called after datagrams came, and when the time it asked for has come. Answers when it wants to be called next
   * (µs of `localNowUs`), or {@link STOP}.
   */
  wake(nowUs: number): number;
}

/** Answer of `wake` that ends the service. */
export const STOP = -1;

export interface UdpPort {
  readonly kind: 'mmsg' | 'dgram';
  readonly host: string;
  readonly port: number;
  /** Datagrams that the kernel or a full queue refused since the port was opened. */
  readonly refused: number;
  /**
   * How long the datagram that the handler is being given lay in the kernel, µs; 0 unless asked for by
   * {@link UdpPortOptions.arrivalTimes} and known (batched port only).
   */
  readonly waitedUs: number;
  /** Takes a copy; it leaves with {@link flush}, or when the handler's turn ends. `to` is ignored by a connected port. */
  send(bytes: Uint8Array, to: string): void;
  /** The same bytes to each address of an unconnected port, as {@link send} would; several times cheaper. */
  sendEach(bytes: Uint8Array, to: readonly string[]): void;
  flush(): void;
  close(): void;
}

export interface UdpPortOptions {
  /** IP address to listen on. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** With it the kernel drops datagrams from anywhere else. */
  readonly remote?: { readonly host: string; readonly port: number };
  /** Datagrams that the batched port reads in one call, and that may wait for one flush. */
  readonly batch?: number;
  readonly queue?: number;
  /** Asks the kernel when each datagram came. */
  readonly arrivalTimes?: boolean;
  /** Asked of the kernel for what has arrived; absent: {@link SOCKET_BUFFER_BYTES}. */
  readonly receiveBufferBytes?: number;
}

/** Asked of the kernel, which may give less: a stalled process must not lose what already arrived. */
export const SOCKET_BUFFER_BYTES = 4 << 20;
/** The handler is called at least this often, so that it can look at its stop flag. */
export const WAKE_EVERY_US_MAX = 20_000;
