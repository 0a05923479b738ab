import { createHmac } from 'node:crypto';
import type { HopCrypto } from '@jamnet/toast';

export const nodeHopCrypto: HopCrypto = {
  hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
};
