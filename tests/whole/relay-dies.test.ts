import { type ChildProcess, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encodeWav } from '@jamnet/jdat';
import { expect, test } from 'vitest';
import { spawnCli } from '../setup/studio-process.ts';

const PACKET_MS = (128 / 48_000) * 1000;
const SECONDS = 12;

interface Relay {
  readonly id: string;
  readonly port: number;
  readonly rooms: number;
  readonly players: number;
}

/** As `jamnet play --json` prints it. */
interface Report {
  readonly isRelayLost: boolean;
  readonly heard: readonly { readonly from: string; readonly packets: number; readonly concealed: number }[];
}

/** A child's stdout: lines as they come, and all of it once it has ended. */
function linesOf(child: ChildProcess) {
  const lines: string[] = [];
  const waiting: { readonly word: string; readonly resolve: (line: string) => void }[] = [];
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      for (const each of waiting) if (line.includes(each.word)) each.resolve(line);
    });
  return {
    lines,
    ended: new Promise<void>((resolve) => child.once('close', () => resolve())),
    with: (word: string) =>
      new Promise<string>((resolve, reject) => {
        const known = lines.find((line) => line.includes(word));
        if (known !== undefined) resolve(known);
        else waiting.push({ word, resolve });
        child.once('close', () =>
          reject(new Error(`it ended before it said "${word}": ${lines.join('\n')}`)),
        );
      }),
  };
}

/** The process that has the UDP port, among the descendants of `pid`. */
function ownerOf(port: number, pid: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const row = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .find((line) => line.includes(`:${hex} 00000000:0000`));
  const inode = row?.trim().split(/\s+/)[9];
  const children = execFileSync('ps', ['--ppid', String(pid), '-o', 'pid='])
    .toString()
    .trim()
    .split(/\s+/)
    .map(Number);
  const owner = children.find((child) =>
    readdirSync(`/proc/${child}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${child}/fd/${fd}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    }),
  );
  if (owner === undefined) throw new Error(`no child of ${pid} has UDP port ${port}`);
  return owner;
}

function toneFile(directory: string): string {
  const tone = Float32Array.from({ length: SECONDS * 48_000 }, (_, i) => 0.3 * Math.sin(i / 17));
  const file = join(directory, 'tone.wav');
  writeFileSync(file, encodeWav({ sampleRateHz: 48_000, channels: [tone] }, { bitsPerSample: 16 }));
  return file;
}

const isLinux = process.platform === 'linux' && existsSync('/proc/net/udp');

/** Whether they come back to their relay, which is started again on its port within a moment, or reach the other one first is chance. */
test.skipIf(!isLinux).each([
  ['is killed', 'SIGKILL', 5_000],
  // It is known to hang, not to be busy, after three seconds.
  ['hangs', 'SIGSTOP', 7_000],
] as const)(
  'two players whose relay %s go on in the same room, and hear each other to the end',
  async (_, signal, silenceMsMax) => {
    const directory = mkdtempSync(join(tmpdir(), 'jamnet-relay-dies-'));
    const data = join(directory, 'studio');
    const wav = toneFile(directory);
    const studio = spawnCli(['up', '--no-sample', '--port', '0', '--json', '--relays', '2', '--data', data]);
    try {
      const said = linesOf(studio);
      const { url } = JSON.parse(await said.with('"listening"')) as { url: string };
      const relays = async (): Promise<Relay[]> =>
        ((await (await fetch(new URL('/api/relays', url))).json()) as { relays: Relay[] }).relays;
      expect((await relays()).map(({ id }) => id)).toEqual(['home', 'home-2']);
      const players = ['ada', 'ben'].map((player) => {
        const out = join(directory, player);
        const words = ['play', '--room', 'blue', '--player', player, '--wav', wav, '--out', out];
        // Over the relay alone: what goes straight is not cut off by its end.
        return linesOf(
          spawnCli([...words, '--consent', 'record', '--direct', 'off', '--data', data, '--json']),
        );
      });
      const carrying = async (): Promise<Relay> => {
        for (;;) {
          const relay = (await relays()).find(({ players }) => players === 2);
          if (relay !== undefined) return relay;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      const first = await carrying();
      // They have played for a while.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const stricken = ownerOf(first.port, studio.pid ?? 0);
      process.kill(stricken, signal);
      await Promise.all(players.map((each) => each.ended));
      const reports = players.map(({ lines }) => JSON.parse(lines.at(-1) ?? '{}') as Report);
      const silences = reports.map(({ heard }) => Math.round((heard[0]?.concealed ?? 0) * PACKET_MS));
      process.stderr.write(`silence of the two after ${signal}, ms: ${silences.join(', ')}\n`);
      expect(existsSync(`/proc/${stricken}`)).toBe(false);
      for (const report of reports) {
        expect(report.isRelayLost).toBe(false);
        // One stream each, not a second one after the move, and the whole of it.
        expect(report.heard).toHaveLength(1);
        expect(report.heard[0]?.packets).toBe(SECONDS * 375);
      }
      // What is lost is the time until it is noticed and the way back, not the rest of the evening.
      for (const silenceMs of silences) expect(silenceMs).toBeLessThan(silenceMsMax);
    } finally {
      const over = new Promise((resolve) => studio.once('exit', resolve));
      studio.kill('SIGTERM');
      await over;
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
