import { describe, expect, it } from 'vitest';
import { parseState } from './parse-state.ts';
import { smallState } from './testing/small-state.ts';

describe('the studio’s state', () => {
  it('is taken as agreed, from JSON', () => {
    const read = parseState(JSON.parse(JSON.stringify(smallState())));
    expect(read).toEqual({ ok: true, value: smallState() });
  });

  it('may say more than this page knows, which is left out', () => {
    const read = parseState({ ...smallState(), weather: 'fine' });
    expect(read.ok && Object.keys(read.value)).not.toContain('weather');
  });

  const state = smallState();
  const [take] = state.takes;
  const [wallet] = state.epoch?.wallets ?? [];
  it.each([
    ['nothing', null, 'answer should be an object'],
    ['a list', [], 'answer should be an object'],
    ['no version', { ...state, version: undefined }, 'answer.version should be text'],
    [
      'an unknown mood',
      { ...state, evening: { ...state.evening, state: 'jolly' } },
      'answer.evening.state should be off or running or done or failed',
    ],
    ['a peer list that is none', { ...state, peers: {} }, 'answer.peers should be a list'],
    [
      'half a packet',
      { ...state, takes: [{ ...take, packets: 0.5 }] },
      'answer.takes[0].packets should be a whole number',
    ],
    [
      'a delay that is no number',
      { ...state, takes: [{ ...take, delayMsP50: null }] },
      'answer.takes[0].delayMsP50 should be a number',
    ],
    [
      'money as a number',
      { ...state, epoch: { ...state.epoch, revenueCents: 100 } },
      'answer.epoch.revenueCents should be a whole number as text',
    ],
    [
      'money with a point',
      { ...state, epoch: { ...state.epoch, wallets: [{ ...wallet, worthCents: '1.5' }] } },
      'answer.epoch.wallets[0].worthCents should be a whole number as text',
    ],
    [
      'money without end',
      { ...state, epoch: { ...state.epoch, revenueCents: '9'.repeat(41) } },
      'answer.epoch.revenueCents should be a whole number as text',
    ],
    [
      'a kind that does not exist',
      { ...state, contributions: [{ ...state.contributions[0], kind: 'mining' }] },
      'answer.contributions[0].kind should be music or code or compute or curation',
    ],
    [
      'a count for three kinds only',
      { ...state, contributionCounts: { music: 1, code: 1, compute: 1 } },
      'answer.contributionCounts.curation should be a whole number',
    ],
    [
      'a maybe',
      { ...state, audit: { verdict: 'ok', witnessed: 'perhaps', checks: [] } },
      'answer.audit.witnessed should be true or false',
    ],
  ])('is refused with %s, naming the field', (_, value, message) => {
    expect(parseState(value)).toEqual({ ok: false, code: 'answer-malformed', message });
  });
});
