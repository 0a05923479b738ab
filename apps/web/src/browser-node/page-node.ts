import { Failure, present, toHex } from '@jamnet/base';
import {
  BandwidthBudget,
  KERNELS,
  type LinkSocket,
  type NodeEvent,
  NodeTally,
  pageKeyFromSeed,
  pagePayeeOf,
  reconnect,
  runSession,
  type Tally,
  WorkGate,
} from '@jamnet/jamnode/page';
import { pureSha256 } from '@jamnet/mesh';
import { PageSlot } from './page-slot.ts';

/** Hash of each kernel in this build of the page, by kind; written in when it is built. */
declare const __KERNEL_SHA256__: Readonly<Record<string, string>>;

const SEED_KEY = 'jamnet-node-seed';

export interface PageNodeView extends Tally {
  readonly payee: string;
  readonly kinds: readonly string[];
  /** Why it ended by itself; `null` while it runs. */
  readonly fault: string | null;
}

/** A node in this tab: the same client as a host's, with a worker for its slot. Runs until the signal. */
export function startPageNode(signal: AbortSignal, onView: (view: PageNodeView) => void): void {
  const key = present(pageKeyFromSeed(keptSeed()), 'the key of a seed that was drawn here');
  const payee = pagePayeeOf(key);
  const tally = new NodeTally(1, performance.now());
  let kinds: readonly string[] = [];
  const show = (fault: string | null): void =>
    onView({ ...tally.read(performance.now()), payee, kinds, fault });
  const onEvent = (event: NodeEvent): void => {
    if (event.type === 'registered') kinds = event.kinds;
    tally.add(performance.now(), event);
    show(null);
  };
  const slot = new PageSlot();
  signal.addEventListener('abort', () => slot.stop(), { once: true });
  const budget = new BandwidthBudget();
  const session = () =>
    runSession({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mesh`,
      openSocket: (url) => new WebSocket(url) as LinkSocket, // It takes all we send: none of it lies in shared memory.

      key,
      sha256: pureSha256,
      claim: { publicKey: key.publicKey, name: 'a browser tab', ownerGroup: `tab-${payee}`, payee },
      signal,
      slots: [slot],
      gate: new WorkGate(),
      budget,
      nowMs: () => performance.now(),
      measured: { operationsPerSecond: 0n, device: browserName() },
      kernelSha256: (kind) => __KERNEL_SHA256__[kind] ?? '',
      kinds: KERNELS.map(({ kind }) => kind),
      realTime: null,
      onEvent,
    });
  reconnect(session, signal, onEvent).catch((error: unknown) => {
    show(error instanceof Failure ? error.message : String(error));
  });
  show(null);
}

/** The seed of this browser's node: drawn once and kept, so that what it earns stays under one name. */
function keptSeed(): string {
  try {
    const kept = localStorage.getItem(SEED_KEY);
    if (kept !== null && pageKeyFromSeed(kept) !== null) return kept;
    const seed = drawnSeed();
    localStorage.setItem(SEED_KEY, seed);
    return seed;
  } catch {
    return drawnSeed(); // Storage is blocked: a name for as long as the page.
  }
}

function drawnSeed(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

function browserName(): string {
  const name = /(Firefox|Edg|Chrome|Version)\/\d+/.exec(navigator.userAgent)?.[0] ?? 'a browser';
  return `${name.replace('Version', 'Safari').replace('/', ' ')}, one worker`;
}
