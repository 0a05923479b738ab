import { afterEach, expect, test } from 'vitest';
import { Evening, reportOf, Spoken } from './testing/evening.ts';

let evening: Evening | null = null;
afterEach(async () => {
  await evening?.close();
  evening = null;
});

test('says everything that is wrong with its options, and exits with 2', async () => {
  const peer = new Spoken('peer', { packetFrames: 100, consent: { record: true } });
  const error = await peer.line('error');
  expect(error.code).toBe('options-malformed');
  for (const name of ['relay', 'joinToken', 'roomKeyHex', 'packetFrames', 'consent'])
    expect(error.message).toContain(name);
  expect(await peer.ended).toBe(2);
});

test('names copies that do not fit into a datagram, and exits with 1', async () => {
  evening = await Evening.open('0');
  const peer = evening.player('ada', new Float32Array(4800), {
    packetFrames: 256,
    redundancyOffsets: [1, 3],
  });
  expect((await peer.line('error')).code).toBe('datagram-too-long');
  expect(await peer.ended).toBe(1);
});

test('SIGTERM ends a stream early: both still report, and the other hears where it ended', async () => {
  evening = await Evening.open('0');
  const input = Float32Array.from({ length: 48_000 * 4 }, (_, i) => Math.sin(i / 20) / 2);
  const leaving = evening.player('ada', input, {
    playoutDelayMs: 40,
    consent: { record: false, train: false, strangers: false },
  });
  const staying = evening.player('ben', input.subarray(0, 48_000), { playoutDelayMs: 40 });
  while (((leaving.lines.at(-1)?.atSeconds ?? 0) as number) < 0.3)
    await new Promise((resolve) => leaving.process.stdout?.once('data', resolve));
  leaving.process.kill('SIGTERM');
  const [left, stayed] = await Promise.all([reportOf(leaving), reportOf(staying)]);
  expect(left.sent.seconds).toBeGreaterThan(0.3);
  expect(left.sent.seconds).toBeLessThan(3.5);
  expect(stayed.sent.seconds).toBe(1);
  const heard = stayed.heard[0];
  expect(heard?.packets).toBe(Math.round((left.sent.seconds * 48_000) / 128));
  expect(heard?.takeFile, 'a player without consent is not recorded').toBe('');
  expect(left.sent.takeFile).toBe('');
  expect(await leaving.ended).toBe(0);
});
