import type { RemotePlayer } from '@jamnet/toast';
import type { StreamTrust } from './play-report.ts';

/** What is known of whose datagrams a stream consists of. */
export function trustIn({ verifier }: RemotePlayer): StreamTrust {
  return {
    isSigned: verifier !== null,
    verified: verifier?.verified ?? 0,
    forged: verifier?.forged ?? 0,
  };
}
