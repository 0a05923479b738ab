import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { loadAlsa } from './alsa.ts';

const ENTRY = fileURLToPath(new URL('../testing/alsa-card-main.ts', import.meta.url));
const PERIODS = 100;
const FRAMES = 128;

const directory = mkdtempSync(join(tmpdir(), 'jamnet-alsa-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** libasound reads its configuration once, from where this variable says: each case has a process of its own. */
function run(
  device: string,
  configuration: string,
): { code?: string; message?: string; [figure: string]: unknown } {
  const file = join(directory, 'asound.conf');
  writeFileSync(file, configuration);
  const run = spawnSync(process.execPath, [ENTRY, device, String(PERIODS), String(FRAMES)], {
    encoding: 'utf8',
    env: { ...process.env, ALSA_CONFIG_PATH: file },
  });
  const line = run.stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`${run.status} ${run.stdout} ${run.stderr}`);
  return JSON.parse(line);
}

test.skipIf(loadAlsa() === null)(
  'a card by ALSA plays what it is given and captures what comes, period by period (skipped without libasound.so.2)',
  () => {
    const frames = PERIODS * FRAMES;
    const input = Int16Array.from({ length: 2 * frames }, (_, i) => (i * 37) % 30_000);
    const [from, to] = [join(directory, 'in.raw'), join(directory, 'out.raw')];
    writeFileSync(from, new Uint8Array(input.buffer));
    const report = run(
      'taped',
      `pcm.nothing { type null }
pcm.out { type file slave.pcm "nothing" file "${to}" format "raw" }
pcm.in { type file slave.pcm "nothing" file "/dev/null" infile "${from}" format "raw" }
pcm.taped { type asym playback.pcm "out" capture.pcm "in" }
`,
    );
    expect(report).toMatchObject({ periods: PERIODS, stumbles: 0 });
    const captured = Int16Array.from(report.captured as number[]);
    expect(captured).toEqual(input.subarray(0, frames));
    const bytes = readFileSync(to);
    const played = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
    // Two periods of silence go ahead, then the ramp that the program plays.
    expect(played.subarray(0, 2 * FRAMES).every((sample) => sample === 0)).toBe(true);
    const ramp = Int16Array.from({ length: frames }, (_, i) => Math.round(((i % 1000) / 1000) * 32_767));
    expect(played.subarray(2 * FRAMES, 2 * FRAMES + frames - FRAMES)).toEqual(
      ramp.subarray(0, frames - FRAMES),
    );
  },
);

test.skipIf(loadAlsa() === null)(
  'an unknown device is refused with the list of those that are there (skipped without libasound.so.2)',
  () => {
    const { code, message } = run(
      'guitar',
      `pcm.nothing { type null hint { show on description "Nothing" } }
pcm.null { type null hint { show on description "Discard all samples" } }
`,
    );
    expect(code).toBe('device-unknown');
    expect(message).toMatch(/"guitar".*Devices here: nothing\..*--input -/s);
  },
);
