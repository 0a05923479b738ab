import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { SEAL_TAG_BYTES, type SealCrypto } from '@jamnet/toast';

/** The platform's AES-256-GCM and HMAC-SHA-256 behind TOAST's three functions. */
export const nodeSealCrypto: SealCrypto = {
  hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
  seal(key, nonce, associated, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
    const sealed = new Uint8Array(plain.length + SEAL_TAG_BYTES);
    sealed.set(cipher.update(plain));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plain.length);
    return sealed;
  },
  open(key, nonce, associated, sealed) {
    const plainBytes = sealed.length - SEAL_TAG_BYTES;
    if (plainBytes < 0) return null;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: SEAL_TAG_BYTES });
    decipher.setAAD(associated).setAuthTag(sealed.subarray(plainBytes));
    try {
      const plain = decipher.update(sealed.subarray(0, plainBytes));
      decipher.final();
      return plain;
    } catch {
      return null;
    }
  },
};
