import { sha256 } from '@noble/hashes/sha2.js';
import type { Sha256 } from './digest.ts';

/** FIPS 180-4 in plain TypeScript; what a core uses when nobody passes a faster one. */
export const pureSha256: Sha256 = (bytes) => sha256(bytes);
