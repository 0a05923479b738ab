import { equalBytes } from '@jamnet/base';
import type { AuditedLeaf } from '@jamnet/economy';
import { platformSha256 } from '@jamnet/jamnode';
import { type Account, type Leaf, PAGE_MAX, Replay, TileTree } from '@jamnet/ledger';
import { hold } from '../scale-broken.ts';
import type { StudioProcess } from '../studio-process.ts';

export interface CheckedLedger {
  readonly leaves: number;
  /** Stored balances by account. */
  readonly balances: ReadonlyMap<string, bigint>;
  /** What the audit of an epoch looks at, in order. */
  readonly audited: readonly AuditedLeaf[];
}

/** Balances sum to zero and replay from the leaves; no key twice; every checkpoint that was seen is a prefix. */
export async function checkLedger(
  { ledger }: StudioProcess,
  checkpoints: readonly { size: bigint; root: Uint8Array }[],
): Promise<CheckedLedger> {
  const seen = new Map(checkpoints.map(({ size, root }) => [size, root]));
  const replay = new Replay();
  const tree = new TileTree(platformSha256);
  const keys = new Set<string>();
  const audited: AuditedLeaf[] = [];
  let index = 0n;
  for (;;) {
    const page = await ledger.entries(index, PAGE_MAX);
    if (page.length === 0) break;
    for (const { bytes, leaf } of page) {
      const applied = replay.apply(bytes);
      hold('ledger', applied.ok, () => `leaf ${index} does not replay: ${applied.ok ? '' : applied.code}`);
      tree.append(bytes);
      index++;
      const root = seen.get(index);
      hold(
        'log',
        !root || equalBytes(tree.root(), root),
        () => `the checkpoint of ${index} leaves was abandoned`,
      );
      if ('key' in leaf && leaf.key !== '') {
        hold('ledger', !keys.has(leaf.key), () => `the key ${leaf.key} was committed twice`);
        keys.add(leaf.key);
      }
      if (isAudited(leaf)) audited.push(leaf);
    }
  }
  const balances = await checkBalances(ledger, replay);
  return { leaves: Number(index), balances, audited };
}

async function checkBalances(
  ledger: StudioProcess['ledger'],
  replay: Replay,
): Promise<ReadonlyMap<string, bigint>> {
  const sums = new Map<string, bigint>();
  const balances = new Map<string, bigint>();
  for (let page: readonly Account[] = await ledger.balances(''); page.length > 0; ) {
    for (const { code, asset, balance, held, floor } of page) {
      balances.set(code, balance);
      sums.set(asset, (sums.get(asset) ?? 0n) + balance);
      hold('ledger', floor === null || balance - held >= floor, () => `${code} is below its floor`);
    }
    page = await ledger.balances('', page.at(-1)?.code);
  }
  for (const [asset, sum] of sums) hold('ledger', sum === 0n, () => `balances in ${asset} sum to ${sum}`);
  let replayed = 0;
  for (const { code, balance } of replay.accounts()) {
    replayed++;
    const stored = balances.get(code);
    hold('ledger', stored === balance, () => `${code} holds ${stored}, its leaves say ${balance}`);
  }
  hold('ledger', replayed === balances.size, () => `${balances.size} accounts, ${replayed} in the leaves`);
  return balances;
}

/** Records, entries of epochs, and whatever moved the pool. */
function isAudited(leaf: Leaf): leaf is Leaf & AuditedLeaf {
  if (leaf.type === 'record') return true;
  if (leaf.type !== 'entry') return false;
  return leaf.key.startsWith('epoch:') || leaf.legs.some(({ account }) => account === 'pool:JAM');
}
