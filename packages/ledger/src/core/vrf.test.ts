import { fromHex, present, toHex } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { expect, test } from 'vitest';
import { vrfProve, vrfVerify } from './vrf.ts';

const bytes = (hex: string): Uint8Array => present(fromHex(hex), 'hex');

// RFC 9381, appendix B.3, examples 16 and 17.
const VECTORS = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    input: '',
    proof:
      '8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d9727d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805',
    output:
      '90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    input: '72',
    proof:
      'f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02',
    output:
      'eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031',
  },
];

test.each(VECTORS)(
  'proofs and outputs are those of RFC 9381 for input "$input"',
  ({ seed, input, proof, output }) => {
    expect(toHex(vrfProve(bytes(seed), bytes(input)))).toBe(proof);
    const verified = vrfVerify(ed25519.getPublicKey(bytes(seed)), bytes(input), bytes(proof));
    expect(verified && toHex(verified)).toBe(output);
  },
);

test('no changed byte of a proof, no other input and no other key is believed', () => {
  const [seed, input] = [new Uint8Array(32).fill(5), Uint8Array.of(1, 2, 3)];
  const key = ed25519.getPublicKey(seed);
  const proof = vrfProve(seed, input);
  expect(vrfVerify(key, input, proof)).toHaveLength(64);
  for (let at = 0; at < proof.length; at++) {
    const bent = Uint8Array.from(proof);
    bent[at] = (bent[at] ?? 0) ^ 1;
    expect(vrfVerify(key, input, bent)).toBeNull();
  }
  expect(vrfVerify(key, Uint8Array.of(1, 2, 4), proof)).toBeNull();
  expect(vrfVerify(ed25519.getPublicKey(new Uint8Array(32).fill(6)), input, proof)).toBeNull();
  expect(vrfVerify(key, input, proof.slice(1))).toBeNull();
  expect(vrfVerify(new Uint8Array(32), input, proof)).toBeNull();
});
