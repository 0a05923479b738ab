import { nodeSealCrypto } from '@jamnet/jambox';
import type { HopCrypto } from '@jamnet/toast';

/** The same HMAC as in players, by the quickest way that the platform has: it is most of what the relay computes per packet. */
export const nodeHopCrypto: HopCrypto = nodeSealCrypto;
