import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, decideOpening, evolve, type GovernanceAct, type Opening } from './decide.ts';
import { GOVERNANCE_LIMITS, type GovernanceLimits } from './limits.ts';
import { CHOICES, type Choice, type Proposal, phaseOf, tallyOf, VERDICTS } from './proposal.ts';

const [OPENS, CLOSES] = [100n, 200n];
const LIMITS: GovernanceLimits = {
  ...GOVERNANCE_LIMITS,
  commentsPerMemberMax: 2,
  commentsMax: 4,
  votersMax: 3,
  undecidedMax: 2,
  proposalsMax: 3,
  periodUsMin: 10n,
  periodUsMax: 1_000n,
  aheadUsMax: 50n,
};

const PROPOSAL: Proposal = {
  id: '0'.repeat(32),
  record: {
    schema: 'jamnet/policy-proposal/v1',
    title: 'More for code',
    text: 'Because.',
    policySha256: 'a'.repeat(64),
    inForceSha256: null,
    openedAtUs: '90',
    opensAtUs: `${OPENS}`,
    closesAtUs: `${CLOSES}`,
  },
  comments: [],
  ballots: [],
  decision: null,
};

const act = fc.oneof(
  fc.record({
    kind: fc.constant('comment' as const),
    payee: fc.constantFrom('p1', 'p2', 'p3'),
    text: fc.constantFrom('yes', ' ', 'no'),
  }),
  fc.record({
    kind: fc.constant('vote' as const),
    payee: fc.constantFrom('p1', 'p2', 'p3', 'p4'),
    ownerGroup: fc.constantFrom('g1', 'g2'),
    choice: fc.constantFrom(...CHOICES),
  }),
  fc.record({
    kind: fc.constant('hide' as const),
    comment: fc.integer({ min: 0, max: 5 }),
    reason: fc.constantFrom('rude', ''),
  }),
  fc.record({
    kind: fc.constant('decide' as const),
    verdict: fc.constantFrom(...VERDICTS),
    reasons: fc.constantFrom('read them all', ''),
    amendedSha256: fc.constantFrom(null, 'b'.repeat(64)),
  }),
);
const steps = fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 20n }), act), { maxLength: 60 });

/** Lives through what is asked, the clock only going on; `onStep` sees each state before and after. */
function live(
  asked: readonly (readonly [bigint, GovernanceAct])[],
  onStep: (before: Proposal, after: Proposal, nowUs: bigint, act: GovernanceAct) => void,
): Proposal {
  let [proposal, nowUs] = [PROPOSAL, 90n];
  for (const [passedUs, each] of asked) {
    nowUs += passedUs;
    const change = decide(proposal, nowUs, each, LIMITS);
    const after = change.ok ? evolve(proposal, change.value) : proposal;
    onStep(proposal, after, nowUs, each);
    proposal = after;
  }
  return proposal;
}

test('each owner group has one voice, its last, however many of it vote however often; units are not even asked for', () => {
  fc.assert(
    fc.property(steps, (asked) => {
      // The naive model: a table of groups; who votes in another group leaves the one before.
      const cast = new Map<string, { ownerGroup: string; choice: Choice; at: number }>();
      let at = 0;
      const end = live(asked, (before, after, _nowUs, each) => {
        if (each.kind === 'vote' && before !== after)
          cast.set(each.payee, { ownerGroup: each.ownerGroup, choice: each.choice, at: ++at });
      });
      const naive = { for: 0, against: 0, abstain: 0 };
      for (const group of new Set([...cast.values()].map(({ ownerGroup }) => ownerGroup))) {
        const own = [...cast.values()].filter(({ ownerGroup }) => ownerGroup === group);
        const last = own.reduce((one, other) => (one.at > other.at ? one : other));
        naive[last.choice] += 1;
      }
      expect(tallyOf(end.ballots)).toEqual(naive);
      if (end.decision) expect(end.decision.votes).toEqual(naive);
    }),
  );
});

test('comments and votes change a proposal in its period alone, no limit is passed, and a decision is the last word', () => {
  fc.assert(
    fc.property(steps, (asked) => {
      live(asked, (before, after, nowUs, each) => {
        if (before === after) return;
        const inPeriod = nowUs >= OPENS && nowUs < CLOSES;
        if (each.kind === 'comment' || each.kind === 'vote')
          expect([inPeriod, before.decision]).toEqual([true, null]);
        if (each.kind === 'decide') {
          expect(before.decision).toBeNull();
          if (each.verdict !== 'withdrawn') expect(nowUs).toBeGreaterThanOrEqual(CLOSES);
          expect(after.decision?.policySha256 !== null).toBe(each.verdict === 'adopted');
        }
        expect(after.comments.length).toBeLessThanOrEqual(LIMITS.commentsMax);
        expect(after.ballots.length).toBeLessThanOrEqual(LIMITS.votersMax);
        for (const { payee } of after.comments)
          expect(after.comments.filter((each) => each.payee === payee).length).toBeLessThanOrEqual(
            LIMITS.commentsPerMemberMax,
          );
        for (const comment of after.comments) {
          const known = before.comments.find(({ number }) => number === comment.number);
          // What was said stays as it was said; only a reason for hiding it is added, once.
          if (known) expect({ ...comment, hiddenReason: null }).toEqual({ ...known, hiddenReason: null });
          if (known?.hiddenReason) expect(comment.hiddenReason).toBe(known.hiddenReason);
        }
      });
    }),
  );
});

test('a proposal is announced, open and closed by the clock alone, from its first moment to below its last', () => {
  const phases = [0n, 99n, 100n, 199n, 200n, 10_000n].map((nowUs) => phaseOf(PROPOSAL, nowUs));
  expect(phases).toEqual(['announced', 'announced', 'open', 'open', 'closed', 'closed']);
});

const refused: readonly (readonly [string, bigint, GovernanceAct, string])[] = [
  ['a comment before the period', 99n, comment('p1'), 'proposal-not-open'],
  ['a comment after the period', 200n, comment('p1'), 'proposal-not-open'],
  ['a comment of blanks', 150n, { ...comment('p1'), text: ' \n ' }, 'comment-malformed'],
  ['a comment too long', 150n, { ...comment('p1'), text: 'x'.repeat(2_001) }, 'comment-malformed'],
  ['a comment that moves a cursor', 150n, { ...comment('p1'), text: 'a\u001b[2Jb' }, 'comment-malformed'],
  ['a comment that turns its line around', 150n, { ...comment('p1'), text: 'a\u202eb' }, 'comment-malformed'],
  ['a vote after the period', 200n, vote('p1', 'g1', 'for'), 'proposal-not-open'],
  ['hiding what is not there', 150n, { kind: 'hide', comment: 1, reason: 'rude' }, 'comment-unknown'],
  ['a decision while people may speak', 199n, end('adopted'), 'period-not-over'],
  ['a rejection while people may speak', 199n, end('rejected'), 'period-not-over'],
  ['a decision without reasons', 200n, { ...end('adopted'), reasons: '' }, 'reason-malformed'],
  [
    'a rejected policy amended',
    200n,
    { ...end('rejected'), amendedSha256: 'b'.repeat(64) },
    'amended-not-adopted',
  ],
];
test.each(refused)('%s is refused', (_what, nowUs, each, code) => {
  expect(decide(PROPOSAL, nowUs, each, LIMITS)).toMatchObject({ ok: false, code });
});

test.each([
  ['a third comment of one member', [comment('p1'), comment('p1'), comment('p1')], 'too-many-comments'],
  [
    'a comment where there is no room',
    [comment('p1'), comment('p1'), comment('p2'), comment('p2'), comment('p3')],
    'comments-full',
  ],
  [
    'a fourth voter',
    [vote('p1', 'g1', 'for'), vote('p2', 'g1', 'for'), vote('p3', 'g2', 'for'), vote('p4', 'g3', 'for')],
    'too-many-voters',
  ],
  [
    'hiding again',
    [comment('p1'), { kind: 'hide', comment: 1, reason: 'a' }, { kind: 'hide', comment: 1, reason: 'b' }],
    'comment-hidden',
  ],
  ['deciding again', [end('withdrawn'), end('withdrawn')], 'proposal-decided'],
  ['a vote on what was withdrawn', [end('withdrawn'), vote('p1', 'g1', 'for')], 'proposal-not-open'],
] as readonly (readonly [string, readonly GovernanceAct[], string])[])(
  '%s is refused',
  (_what, acts, code) => {
    const before = live(inPeriod(acts.slice(0, -1)), () => {});
    const last = acts.at(-1);
    expect(last && decide(before, 150n, last, LIMITS)).toMatchObject({ ok: false, code });
  },
);

test('who has voted may change it however full the list of voters is', () => {
  const full = live(
    inPeriod([vote('p1', 'g1', 'for'), vote('p2', 'g2', 'for'), vote('p3', 'g3', 'for')]),
    () => {},
  );
  const changed = decide(full, 150n, vote('p1', 'g1', 'against'), LIMITS);
  expect(changed.ok && tallyOf(evolve(full, changed.value).ballots)).toEqual({
    for: 2,
    against: 1,
    abstain: 0,
  });
});

const OPENING: Opening = {
  title: 'More for code',
  text: 'Because.\nAnd so on.',
  policySha256: 'a'.repeat(64),
  inForceSha256: null,
  opensAtUs: null,
  closesAtUs: 20n,
};
const EMPTY = { proposals: 0, undecided: [] };
const other = (n: number) => ({ id: `${n}`, policySha256: `${n}`.repeat(64) });

test('a proposal opens now unless it says when, and says in its record what it replaces', () => {
  expect(decideOpening(EMPTY, 10n, OPENING, LIMITS)).toMatchObject({
    ok: true,
    value: { openedAtUs: '10', opensAtUs: '10', closesAtUs: '20', inForceSha256: null },
  });
});

test.each([
  ['a title of two lines', { title: 'a\nb' }, EMPTY, 'proposal-malformed'],
  ['a title too long', { title: 'x'.repeat(121) }, EMPTY, 'proposal-malformed'],
  ['no text', { text: '' }, EMPTY, 'proposal-malformed'],
  ['a text too long', { text: 'x'.repeat(8_001) }, EMPTY, 'proposal-malformed'],
  ['a period too short', { closesAtUs: 19n }, EMPTY, 'period-malformed'],
  ['a period that ends before it begins', { closesAtUs: 1n }, EMPTY, 'period-malformed'],
  ['a period too long', { closesAtUs: 1_011n }, EMPTY, 'period-malformed'],
  ['a period that has begun', { opensAtUs: 9n }, EMPTY, 'period-malformed'],
  ['a period too far ahead', { opensAtUs: 61n, closesAtUs: 80n }, EMPTY, 'period-malformed'],
  [
    'a policy that is proposed',
    {},
    { proposals: 1, undecided: [{ ...other(1), policySha256: 'a'.repeat(64) }] },
    'proposal-exists',
  ],
  ['a third undecided one', {}, { proposals: 2, undecided: [other(1), other(2)] }, 'too-many-undecided'],
  ['one more than an audit reads', {}, { proposals: 3, undecided: [] }, 'too-many-proposals'],
])('opening %s is refused', (_what, changed, docket, code) => {
  expect(decideOpening(docket, 10n, { ...OPENING, ...changed }, LIMITS)).toMatchObject({ ok: false, code });
});

test('people have two week-ends at least', () => {
  const day = 86_400_000_000n;
  const lasting = (closesAtUs: bigint) =>
    decideOpening(EMPTY, 0n, { ...OPENING, closesAtUs }, GOVERNANCE_LIMITS).ok;
  expect([lasting(14n * day - 1n), lasting(14n * day), lasting(92n * day), lasting(92n * day + 1n)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

function comment(payee: string): GovernanceAct & { kind: 'comment' } {
  return { kind: 'comment', payee, text: 'yes' };
}

function vote(payee: string, ownerGroup: string, choice: Choice): GovernanceAct {
  return { kind: 'vote', payee, ownerGroup, choice };
}

function end(verdict: (typeof VERDICTS)[number]): GovernanceAct & { kind: 'decide' } {
  return { kind: 'decide', verdict, reasons: 'read them all', amendedSha256: null };
}

/** Asked one after the other once the period has begun. */
function inPeriod(acts: readonly GovernanceAct[]): (readonly [bigint, GovernanceAct])[] {
  return acts.map((each, index) => [index === 0 ? 60n : 0n, each]);
}
