import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqlite } from '@jamnet/sql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signerFromSeed } from '../core/signer.ts';
import { openLedger } from '../store/ledger.ts';
import { openLog } from './open-log.ts';

/** Where Debian's golang-golang-x-mod-dev puts its source. */
const GOPATH = '/usr/share/gocode';
const installed =
  spawnSync('go', ['version']).status === 0 && existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog'));
const name = installed
  ? "Go's sumdb packages read the log"
  : "Go's sumdb packages read the log (not run: golang-go and golang-golang-x-mod-dev not installed)";

describe.skipIf(!installed)(name, () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-go-'));
  const [program, log, proofs] = [
    join(directory, 'verify_log'),
    join(directory, 'log'),
    join(directory, 'proofs.json'),
  ];
  let vkey = '';

  beforeAll(async () => {
    const source = fileURLToPath(new URL('../../outside/verify_log.go', import.meta.url));
    const env = {
      ...process.env,
      GO111MODULE: 'off',
      GOPATH,
      GOFLAGS: '-buildvcs=false',
      HOME: process.env.HOME ?? directory,
    };
    execFileSync('go', ['build', '-o', program, source], { env, stdio: 'pipe' });
    vkey = await publishSample(log, proofs);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function verify(where: string, key = vkey, withProofs = proofs) {
    const { status, stdout } = spawnSync(program, [where, key, withProofs], { encoding: 'utf8' });
    return { status, said: stdout.trim() };
  }

  test('signature, whole log, every tile and our proofs are accepted', () => {
    expect(verify(log)).toEqual({ status: 0, said: 'ok 1402' });
  });

  test.each(['checkpoint', 'tile/entries/001', 'tile/0/002', 'tile/1/000.p/5'])(
    'a changed byte in %s is rejected',
    (path) => {
      const copy = join(directory, 'copy');
      rmSync(copy, { recursive: true, force: true });
      cpSync(log, copy, { recursive: true });
      const bytes = readFileSync(join(copy, path));
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      writeFileSync(join(copy, path), bytes);
      expect(verify(copy).status).toBe(1);
    },
  );

  test('another key and a changed proof are rejected', () => {
    expect(
      verify(log, vkey.replace(/\+[^+]+$/, '+AXh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4')).status,
    ).toBe(1);
    const claims = JSON.parse(readFileSync(proofs, 'utf8'));
    claims.Inclusion[3].Index++;
    const changed = join(directory, 'changed.json');
    writeFileSync(changed, JSON.stringify(claims));
    expect(verify(log, vkey, changed)).toMatchObject({ status: 1, said: expect.stringContaining('invalid') });
  });
});

async function publishSample(directory: string, proofsFile: string): Promise<string> {
  const database = openSqlite({ file: ':memory:' });
  const ledger = await openLedger(database);
  const account = { owner: 'x', asset: 'JAM', kind: 'pool', floor: null } as const;
  await ledger.openAccounts(1n, [
    { code: 'a:JAM', ...account },
    { code: 'b:JAM', ...account },
  ]);
  const origin = 'studio.example/log';
  const log = await openLog({
    directory,
    ledger,
    origin,
    signer: signerFromSeed(origin, new Uint8Array(32).fill(7)),
  });
  const roots = [];
  const legs = [
    { account: 'a:JAM', amount: -1n },
    { account: 'b:JAM', amount: 1n },
  ];
  for (let round = 0; round < 7; round++) {
    await ledger.post(
      2n,
      Array.from({ length: 200 }, (_, i) => ({ key: `${round}:${i}`, kind: 'x', legs })),
    );
    roots.push(await log.publish(2n));
  }
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const claims: { Inclusion: unknown[]; Consistency: unknown[] } = { Inclusion: [], Consistency: [] };
  for (let index = 0n; index < 1_402n; index += 50n) {
    const proof = await log.inclusionProof(index);
    if (proof.ok)
      claims.Inclusion.push({
        Index: Number(index),
        Leaf: text(proof.value.leaf),
        Proof: proof.value.proof.map(text),
      });
  }
  for (const { size, root } of roots) {
    const proof = await log.consistencyProof(size, 1_402n);
    if (proof.ok)
      claims.Consistency.push({ OldSize: Number(size), OldRoot: text(root), Proof: proof.value.map(text) });
  }
  writeFileSync(proofsFile, JSON.stringify(claims));
  await database.close();
  return log.vkey;
}
