import { expect, test } from 'vitest';
import { WALLET_EPOCHS_MAX } from '../http/contracts/wallet.ts';
import { walletAnswer, workOf } from './wallet-answer.ts';

const hash = '0123456789abcdef'.repeat(4);

test.each([
  ['music', hash, 'take', '0123456789abcdef0123'],
  ['music', `model ${hash} ${hash}`, 'model', '0123456789ab'],
  ['code', hash, 'code', '0123456789abcdef0123'],
  ['code', 'package left-pad@1.0.0 2026-11', 'package', 'left-pad@1.0.0'],
  ['code', `bounty ${hash} ${hash}`, 'bounty', hash],
  ['code', `package ${'x'.repeat(100)}`, 'package', 'x'.repeat(80)],
  ['compute', hash, 'work', '0123456789abcdef0123'],
  ['compute', 'package of no code', 'work', 'package of no code'],
  ['curation', hash, 'votes', '0123456789abcdef0123'],
  ['curation', '', 'votes', ''],
] as const)('a %s line about %s is of a %s named %s', (kind, subject, what, name) => {
  expect(workOf({ kind, subject })).toEqual({ what, name });
});

test('a wallet names the newest epochs that paid, so many and no more', () => {
  const earned = Array.from(
    { length: WALLET_EPOCHS_MAX + 1 },
    (_, n) => ({ epochId: `epoch-${n}` }) as never,
  );
  const none = { balanceMicroJam: 0n, redeemingMicroJam: 0n, escrowMicroJam: 0n, payableCents: 0n };
  const rest = { escrowCents: 0n, worthCents: null, redemptions: [], verified: true, payee: 'p' };
  const { epochs, worthCents } = walletAnswer({ ...none, ...rest, earned }, 'ada');
  expect(worthCents).toBe('0');
  expect(epochs).toHaveLength(WALLET_EPOCHS_MAX);
  expect(epochs[0]).toBe('epoch-0');
});
