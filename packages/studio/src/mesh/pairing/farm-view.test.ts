import { toHex } from '@jamnet/base';
import { openEconomy } from '@jamnet/economy';
import { nodeKeyFromSeed } from '@jamnet/jamnode';
import { openLedger } from '@jamnet/ledger';
import { proofBytes } from '@jamnet/mesh';
import { openSqlite } from '@jamnet/sql';
import { expect, onTestFinished, test } from 'vitest';
import { openMesh } from '../testing/open-mesh.ts';
import { farmView } from './farm-view.ts';

const OWNER = { ownerGroup: 'our-house', payee: `p${'1'.repeat(32)}` };

test('a machine that works at another coordinator is connected, and one that left is not', async () => {
  const opened = await openMesh();
  onTestFinished(() => opened.close());
  const database = openSqlite({ file: ':memory:' });
  onTestFinished(() => database.close());
  const economy = await openEconomy(database, await openLedger(database));
  const { coordinator } = opened.mesh.options;
  const key = nodeKeyFromSeed('5'.repeat(64));
  const claim = { ...OWNER, name: 'shed', publicKey: key.publicKey };
  const signature = toHex(key.sign(proofBytes('nonce', claim)));
  const { answer } = await coordinator.apply(1n, { type: 'register', claim, nonce: 'nonce', signature });
  if (!answer.ok) throw new Error(answer.message);

  // As a process sees it that nodes do not connect to.
  const parts = { coordinator, economy, nowUs: () => 2n, connected: () => [] };
  const seen = async () => (await farmView(parts, OWNER, [key.publicKey])).nodes;
  expect(await seen()).toMatchObject([
    { name: 'shed', state: 'connected', device: null, slots: 0, idle: null },
  ]);
  await coordinator.apply(3n, { type: 'leave', node: answer.value.node });
  expect(await seen()).toMatchObject([{ name: 'shed', state: 'gone' }]);
  await coordinator.apply(4n, { type: 'ban', node: answer.value.node, reason: 'Its owner asked for it.' });
  expect(await seen()).toMatchObject([{ name: 'shed', state: 'banned' }]);
});
