import { RoomTape, type TapeMessage } from '@jamnet/jdat';
import { CONSENT } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { eveningOptions } from './testing/evening-options.ts';
import { VirtualEvening } from './testing/virtual-evening.ts';

const FRAMES = 128;
const SECONDS = 5;

/** Ben, who records, hears Ada, who agrees to `consent`; answers what Ben has of her, and what his tape was given. */
function evening(consent: number) {
  const room = new VirtualEvening({ seed: 'consent', wayUs: 2_000, jitterUs: 0, loss: 0.02 });
  const input = new Array<Int16Array>((SECONDS * 48_000) / FRAMES).fill(new Int16Array(FRAMES).fill(99));
  const posted: TapeMessage[] = [];
  const [ada, ben] = [eveningOptions('ada'), eveningOptions('ben')];
  const tape = new RoomTape(
    { ...ben, directory: '/nowhere', file: '/nowhere/ben.jdat' },
    { post: (message) => void posted.push(message), done: 0 },
  );
  room.add({ options: ada, input, changes: { consent } });
  const jam = room.add({ options: ben, input, tape });
  room.run(SECONDS + 5);
  const [heard] = jam.heard;
  if (heard === undefined) throw new Error('nobody was heard');
  return { heard, posted: posted.filter(({ type }) => type === 'packets' || type === 'ear') };
}

test('of a player who does not want to be recorded only the last packets stay in memory, and none goes to the tape', () => {
  const { heard, posted } = evening(0);
  expect(heard.tally().packets).toBe((SECONDS * 48_000) / FRAMES);
  expect(heard.store.samples(0)).toBeNull();
  expect(heard.heardPcm()).toHaveLength(0);
  heard.finish();
  expect(posted).toEqual([]);
});

test('who agreed is recorded, and what the tape was given is no longer here', () => {
  const { heard, posted } = evening(CONSENT.record);
  expect(heard.store.samples(0)).toBeNull();
  expect(posted.map(({ type }) => type)).toContain('packets');
  expect(posted.map(({ type }) => type)).toContain('ear');
});
