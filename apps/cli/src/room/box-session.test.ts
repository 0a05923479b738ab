import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, refuse } from '@jamnet/base';
import { sessionStatement } from '@jamnet/economy';
import { contentHash, decodeTake, encodeTake } from '@jamnet/jdat';
import { afterAll, expect, test } from 'vitest';
import { claimBox, reportSession } from './box-session.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-box-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const device = {
  key: privateKey,
  deviceKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex'),
};

type Asked = Record<string, unknown>;

function deskThat(answer: Result<unknown>) {
  const asked: Asked[] = [];
  const answerTo = async (body: object): Promise<Result<unknown>> => {
    asked.push({ ...body });
    return answer;
  };
  return { asked, desk: { claimDevice: answerTo, creditFirstSession: answerTo } };
}

test('a session is told by the content of the take, signed by the device', async () => {
  const lines = [
    ...encodeTake(
      {
        jdat: 1,
        room: 'blue',
        player: 'ann',
        role: 'sent',
        from: 'ann',
        sampleRateHz: 48_000,
        packetFrames: 64,
        startedAtUs: 1n,
        consent: { record: true, train: false, strangers: false },
      },
      [{ type: 'audio', atSample: 0, samples: new Int16Array(64).fill(5) }],
    ),
  ];
  const file = join(directory, 'ann-sent.jdat');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { asked, desk } = deskThat({ ok: true, value: null });
  expect((await reportSession(desk, device, file))?.ok).toBe(true);
  const take = decodeTake(lines);
  const hash = take.ok ? contentHash(take.value) : '';
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ take: hash, deviceKey: device.deviceKey });
  const signature = Buffer.from(String(asked[0]?.signature), 'hex');
  expect(verify(null, sessionStatement(device.deviceKey, hash), publicKey, signature)).toBe(true);
});

test('without a recording nothing is told, and what the studio refuses is handed on', async () => {
  const { asked, desk } = deskThat(refuse('unknown-claim-code', 'There is no such claim code.'));
  expect(await reportSession(desk, device, '')).toBeNull();
  expect(asked).toEqual([]);
  const claim = { code: 'nonsense', payee: `p${'0'.repeat(32)}` };
  expect((await claimBox(desk, device, claim)).ok).toBe(false);
  expect(asked, 'a code that cannot be one is not even asked for').toEqual([]);
});
