import type { Result } from '@jamnet/base';
import { KINDS } from './kinds.ts';
import {
  amount,
  count,
  flag,
  list,
  number,
  oneOf,
  orNull,
  readAs,
  record,
  type Shape,
  text,
} from './shape.ts';
import type * as State from './state.ts';

const evening: Shape<State.Evening> = record<State.Evening>({
  state: oneOf('off', 'running', 'done', 'failed'),
  speedUp: text,
  steps: list(
    record<State.EveningStep>({
      name: text,
      title: text,
      state: oneOf('waiting', 'running', 'done', 'failed'),
      progress: number,
      detail: text,
    }),
  ),
});

const peer = record<State.Peer>({
  id: text,
  name: text,
  room: text,
  hearing: text,
  delayMsP50: number,
  delayMsP99: number,
  packets: count,
  lost: count,
  recovered: count,
  concealed: count,
  bufferMs: number,
});

const take = record<State.Take>({
  id: text,
  player: text,
  from: text,
  seconds: number,
  sampleRateHz: number,
  packets: count,
  lost: count,
  recovered: count,
  concealed: count,
  late: count,
  delayMsP50: number,
  delayMsP99: number,
  spans: list(
    record<State.Span>({
      atSample: count,
      frames: count,
      fate: oneOf('recovered', 'concealed', 'late', 'lost', 'repaired'),
    }),
  ),
  variants: list(oneOf('sent', 'heard', 'repaired')),
});

const node = record<State.MeshNode>({
  id: text,
  name: text,
  state: oneOf('idle', 'working', 'banned', 'offline'),
  verified: count,
  rejected: count,
  workUnits: amount,
  lastRefusal: orNull(text),
});

const task = record<State.MeshTask>({
  id: text,
  kind: text,
  state: oneOf('queued', 'leased', 'checking', 'verified', 'rejected'),
  node: orNull(text),
  reason: orNull(text),
});

const groove = record<State.Groove>({
  performance: text,
  bars: count,
  barsDone: count,
  hosts: list(
    record<State.GrooveHost>({
      node: text,
      forecaster: text,
      committed: count,
      late: count,
      timingSkillPercent: orNull(number),
      velocitySkillPercent: orNull(number),
    }),
  ),
});

const contribution = record<State.ContributionRow>({
  id: text,
  kind: oneOf(...KINDS),
  meter: text,
  subject: text,
  merit: amount,
  payees: list(record<State.ContributionRow['payees'][number]>({ payee: text, weight: amount })),
});

const epoch = record<State.Epoch>({
  id: text,
  state: oneOf('open', 'closed'),
  asOfUs: orNull(amount),
  revenueCents: amount,
  contributorShareCents: amount,
  issuedMicroJam: amount,
  unitPriceText: text,
  byKind: list(record<State.Epoch['byKind'][number]>({ kind: text, amountMicroJam: amount })),
  wallets: list(
    record<State.WalletRow>({
      payee: text,
      label: text,
      kinds: list(text),
      amountMicroJam: amount,
      balanceMicroJam: orNull(amount),
      worthCents: orNull(amount),
    }),
  ),
});

export const audit: Shape<State.Audit> = record<State.Audit>({
  verdict: oneOf('ok', 'failed'),
  witnessed: flag,
  checks: list(record<State.Audit['checks'][number]>({ name: text, ok: flag, detail: text })),
});

const state = record<State.StudioState>({
  version: text,
  evening,
  peers: list(peer),
  takes: list(take),
  nodes: list(node),
  tasks: list(task),
  groove: orNull(groove),
  contributions: list(contribution),
  contributionCounts: record<State.StudioState['contributionCounts']>({
    music: count,
    code: count,
    compute: count,
    curation: count,
  }),
  epoch: orNull(epoch),
  votes: list(
    record<State.Vote>({ clip: text, chosen: oneOf('repaired', 'unrepaired'), curator: text, rule: text }),
  ),
  ledger: record<State.LedgerHead>({ size: count, origin: text, vkey: text, checkpoint: text }),
  audit: orNull(audit),
});

/** The studio's answer as the page relies on it, or the first field that is not as agreed. */
export function parseState(value: unknown): Result<State.StudioState, 'answer-malformed'> {
  return readAs(state, value);
}
