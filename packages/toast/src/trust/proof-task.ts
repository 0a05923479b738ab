/** Signatures to be made or checked at once: a second of a full room's; beyond it some stretches go unsigned or unchecked, and are counted. */
export const PROOFS_WAITING_MAX = 256;

/** Ed25519 work on streams, for platforms whose functions answer later (WebCrypto). */
export type ProofTask =
  /** Answer with `PeerSession.signed`. */
  | {
      readonly kind: 'sign';
      readonly message: Uint8Array;
      /** The body that waits for its signature. */
      readonly body: Uint8Array;
    }
  /** Answer with `PeerSession.checked`. */
  | {
      readonly kind: 'check';
      /** Of the stream that it is about. */
      readonly joinId: string;
      readonly signKey: Uint8Array;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
      readonly body: Uint8Array;
    };
