import { nodeSealCrypto } from '@jamnet/jambox';
import type { HopCrypto } from '@jamnet/toast';

/** The same HMAC as in players, with the key prepared once: it is most of what the relay computes per packet. */
export const nodeHopCrypto: HopCrypto = { hmac: nodeSealCrypto.hmac };
