import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { SealCrypto } from '../crypto/toast-crypto.ts';

/** The platform's functions for this package's own tests. */
export const testCrypto: SealCrypto = {
  hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
  seal(key, nonce, associated, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  open(key, nonce, associated, sealed) {
    if (sealed.length < 16) return null;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated);
    decipher.setAuthTag(sealed.subarray(sealed.length - 16));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()]);
    } catch {
      return null;
    }
  },
};
