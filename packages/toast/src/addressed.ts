/** The relay, as a peer's shell knows it: {@link Addressed.to} and the sender of a datagram are empty for it. */
export const TO_RELAY = '';

/** A datagram and where it goes: `host:port` in the shell's own spelling, or {@link TO_RELAY} from a peer. */
export interface Addressed {
  readonly to: string;
  readonly bytes: Uint8Array;
}
