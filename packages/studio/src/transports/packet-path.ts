/** How a page's TOAST packets reach the relay, in the order in which pages try them. */
export const PATH_KINDS = ['webtransport', 'data-channel', 'websocket'] as const;
export type PathKind = (typeof PATH_KINDS)[number];

/** One page's way for whole TOAST packets, whatever carries them. Losing, doubling and reordering are allowed; changing is not. */
export interface PacketPath {
  readonly kind: PathKind;
  /** Towards the page. False when the carrier is full: the packet is dropped, as a network would. */
  send(packet: Uint8Array): boolean;
  close(reason: string): void;
}

/** What the bridge gives a carrier for its page. */
export interface PathEnd {
  /** From the page. */
  receive(packet: Uint8Array): void;
  /** The carrier is gone. */
  closed(): void;
}
