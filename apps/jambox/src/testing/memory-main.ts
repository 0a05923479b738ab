import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { seededChance } from '@jamnet/base';
import { CONSENT } from '@jamnet/toast';
import { openRoomTape } from '../takes/open-room-tape.ts';
import { eveningOptions } from './evening-options.ts';
import { VirtualEvening } from './virtual-evening.ts';

/**
 * What a player that records keeps in memory: `node [flags] memory-main.ts SECONDS PLAYERS EVERY_SECONDS` drives a room in virtual time as fast as
 * it goes, with a real recording thread, and prints a JSON line now and then. Needs --expose-gc.
 */
const [seconds = 1800, players = 16, everySeconds = 60] = process.argv.slice(2).map(Number);
const FRAMES = 128;
/** Messages that may wait for the recording thread before we wait for it: it has a disk to write to, we have virtual time. */
const BEHIND_MAX = 64;

const directory = mkdtempSync(join(tmpdir(), 'jamnet-memory-'));
const chance = seededChance('memory');
const packet = Int16Array.from({ length: FRAMES }, () => chance.below(8_192) - 4_096);
const room = new VirtualEvening({ seed: 'memory', wayUs: 4_000, jitterUs: 1_000, loss: 0.01 });
const listener = eveningOptions('p0');
const { tape, ended } = openRoomTape({ ...listener, directory });
const changes = { consent: CONSENT.record };
const input = new Array<Int16Array>((seconds * 48_000) / FRAMES).fill(packet);
room.add({ options: { ...listener, startWhenPlayers: players }, input, changes, tape });
for (let i = 1; i < players; i++)
  room.addSender({ ...eveningOptions(`p${i}`), startWhenPlayers: players }, packet, changes);

const mebibytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;
for (let second = 0; ; second += everySeconds) {
  const uncollected = mebibytes(process.memoryUsage().heapUsed);
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const figures = { heapMiB: heapUsed, arrayBuffersMiB: arrayBuffers, rssMiB: rss };
  const rounded = Object.fromEntries(
    Object.entries(figures).map(([name, bytes]) => [name, mebibytes(bytes)]),
  );
  process.stdout.write(`${JSON.stringify({ second, uncollectedMiB: uncollected, ...rounded })}\n`);
  if (second >= seconds) break;
  for (let tenth = 0; tenth < 10 * everySeconds; tenth++) {
    room.run(0.1);
    while (tape.waiting > BEHIND_MAX) await after(1);
  }
}
const file = await ended();
process.stdout.write(`${JSON.stringify({ takeMiB: mebibytes(statSync(file).size) })}\n`);
rmSync(directory, { recursive: true });
