import type { Contribution, Economy } from '@jamnet/economy';
import type { Ledger, TransparencyLog } from '@jamnet/ledger';
import type { Coordinator, Effect } from '@jamnet/mesh';
import type { StudioConfig } from '../config/studio-config.ts';
import type { StudioServices } from '../http/services.ts';
import type { LiveState } from '../live/live-state.ts';
import type { MeshSocket } from '../mesh/mesh-socket.ts';
import type { HostPay } from '../mesh/pay/host-pay.ts';
import type { MusicMemory } from '../music/music-memory.ts';
import type { TakeStore } from '../takes/take-store.ts';
import type { StudioSecrets } from './secrets.ts';

/** An opened studio from inside: the real parts that routes and the evening work with. */
export interface StudioParts {
  readonly config: StudioConfig;
  readonly checkout: string;
  readonly secrets: StudioSecrets;
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly economy: Economy;
  readonly coordinator: Coordinator;
  readonly hostPay: HostPay;
  readonly takes: TakeStore;
  /** How credited takes sound. */
  readonly music: MusicMemory;
  readonly live: LiveState;
  readonly services: StudioServices;
  /** Present once the studio listens. */
  readonly mesh: MeshSocket;
  readonly relayAddress: { readonly host: string; readonly port: number };
  readonly url: string;
  /** UTC µs. */
  nowUs(): bigint;
  /** Files contributions with the economy and shows them; a repeat changes nothing. */
  addContributions(contributions: readonly Contribution[]): Promise<void>;
  /** What the pages call this payee. */
  nameMember(payee: string, label: string): void;
  /** Publishes what the journal has and refreshes the page's view of the books. */
  publishBooks(): Promise<void>;
  /** Writes down what the page shows, for the next start. */
  rememberLiveState(): void;
  /** Watches the coordinator's effects until the returned function is called. */
  onMeshEffect(watcher: (effect: Effect) => void): () => void;
}
