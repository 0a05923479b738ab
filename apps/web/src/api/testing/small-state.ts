import type { StudioState } from '../state.ts';

/** One of everything: a new object each time, so that a test may tell sharing from equality. */
export function smallState(): StudioState {
  return {
    version: '0.1.0',
    evening: {
      state: 'running',
      speedUp: '',
      steps: [{ name: 'play', title: 'Two peers play', state: 'running', progress: 0.5, detail: '' }],
    },
    peers: [
      {
        id: 'a',
        name: 'A',
        room: 'r',
        hearing: 'B',
        delayMsP50: 9.5,
        delayMsP99: 20,
        packets: 10,
        lost: 1,
        recovered: 1,
        concealed: 0,
        bufferMs: 5,
      },
    ],
    takes: [
      {
        id: 't',
        player: 'A',
        from: 'B',
        seconds: 1,
        sampleRateHz: 48_000,
        packets: 10,
        lost: 1,
        recovered: 1,
        concealed: 0,
        late: 0,
        delayMsP50: 9.5,
        delayMsP99: 20,
        spans: [{ atSample: 0, frames: 128, fate: 'recovered' }],
        variants: ['sent', 'heard'],
      },
    ],
    nodes: [
      { id: 'n', name: 'N', state: 'idle', verified: 1, rejected: 0, workUnits: '12', lastRefusal: null },
    ],
    tasks: [{ id: 'k', kind: 'repair', state: 'verified', node: 'n', reason: null }],
    groove: {
      performance: 'p',
      bars: 2,
      barsDone: 1,
      hosts: [
        {
          node: 'n',
          forecaster: 'house-2',
          committed: 1,
          late: 0,
          timingSkillPercent: null,
          velocitySkillPercent: 1.5,
        },
      ],
    },
    contributions: [
      {
        id: 'c',
        kind: 'music',
        meter: 'm',
        subject: 's',
        merit: '7',
        payees: [{ payee: 'p1', weight: '1' }],
      },
    ],
    contributionCounts: { music: 1, code: 0, compute: 0, curation: 0 },
    epoch: {
      id: '2026-01',
      state: 'closed',
      asOfUs: null,
      revenueCents: '100',
      contributorShareCents: '50',
      issuedMicroJam: '500000',
      unitPriceText: '1 USD',
      byKind: [{ kind: 'music', amountMicroJam: '500000' }],
      wallets: [
        {
          payee: 'p1',
          label: 'A',
          kinds: ['music'],
          amountMicroJam: '500000',
          balanceMicroJam: '500000',
          worthCents: '50',
        },
      ],
    },
    votes: [{ clip: 'x', chosen: 'repaired', curator: 'C', rule: 'by ear' }],
    ledger: { size: 3, origin: 'o', vkey: 'v', checkpoint: 'c' },
    audit: { verdict: 'ok', witnessed: false, checks: [{ name: 'tree', ok: true, detail: '' }] },
  };
}
