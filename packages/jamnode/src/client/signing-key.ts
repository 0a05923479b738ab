/** An Ed25519 key of a node. */
export interface SigningKey {
  /** Hex, 32 bytes. */
  readonly publicKey: string;
  sign(message: Uint8Array): Uint8Array;
}
