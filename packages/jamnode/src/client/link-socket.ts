/** As much of a WebSocket (WHATWG) as a link uses; a page's own and the package `ws` both are one. */
export interface LinkSocket {
  readonly OPEN: number;
  readonly readyState: number;
  /** A method, so that a page's socket, which takes no shared memory, is one too. */
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { message?: string }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
}
