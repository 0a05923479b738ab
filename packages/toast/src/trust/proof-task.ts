/** Signatures that wait to be made or checked: a fifth of a second of a full room's with 64 frames. Beyond it some stretches go unsigned or unchecked, and are counted. */
export const PROOFS_WAITING_MAX = 64;

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
