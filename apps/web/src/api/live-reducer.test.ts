import { describe, expect, it } from 'vitest';
import { LIVE_AT_START, reduceLive } from './live-reducer.ts';
import { smallState } from './testing/small-state.ts';

const MESSAGE = { type: 'message', body: JSON.stringify(smallState()) } as const;

describe('the live state', () => {
  it('begins with nothing and shows the first message', () => {
    const live = reduceLive(reduceLive(LIVE_AT_START, { type: 'opened' }), MESSAGE);
    expect(live).toEqual({ connection: 'live', state: smallState(), complaint: null });
  });

  it('keeps what it had when the line breaks, and is live again with the next message', () => {
    const broken = reduceLive(reduceLive(LIVE_AT_START, MESSAGE), { type: 'broken' });
    expect(broken.connection).toBe('lost');
    expect(broken.state).toEqual(smallState());
    expect(reduceLive(broken, MESSAGE).connection).toBe('live');
  });

  it.each([
    ['no JSON', '{'],
    ['another shape', '{"version":1}'],
  ])('keeps what it had and complains about a message of %s', (_, body) => {
    const live = reduceLive(reduceLive(LIVE_AT_START, MESSAGE), { type: 'message', body });
    expect(live.state).toEqual(smallState());
    expect(live.complaint).not.toBeNull();
    expect(reduceLive(live, MESSAGE).complaint).toBeNull();
  });

  it('keeps the objects of parts that did not change', () => {
    const first = reduceLive(LIVE_AT_START, MESSAGE);
    const changed = { ...smallState(), ledger: { ...smallState().ledger, size: 4 } };
    const second = reduceLive(first, { type: 'message', body: JSON.stringify(changed) });
    expect(second.state?.takes).toBe(first.state?.takes);
    expect(second.state?.ledger).not.toBe(first.state?.ledger);
    expect(reduceLive(second, { type: 'message', body: JSON.stringify(changed) }).state).toBe(second.state);
  });
});
