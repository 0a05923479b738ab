import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoryFiles, fillBooks, signerFromSeed, vkeyOf } from '@jamnet/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../exit-codes.ts';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-ledger-'));
const data = join(root, 'data');
const log = join(data, 'public', 'log');
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  await fillBooks({ directory: data, entries: 700, accounts: 20 });
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(root, { recursive: true, force: true });
});

/** Runs `jamnet ledger …` in this process; answers its stdout. */
async function ledger(...words: string[]): Promise<string> {
  return (await runJamnet(data, ['ledger', ...words])).out;
}

const refusal = (...words: string[]) => refusalOf(ledger(...words));

test.each([
  ['hledger', '; root '],
  ['beancount', 'option "inferred_tolerance_default"'],
  ['csv', 'leaf,accepted_at_us,key,kind,evidence,account,asset,amount'],
  ['jsonl', '"leaf":"'],
])('export writes %s to stdout and the same bytes to a file', async (format, expected) => {
  const text = await ledger('export', '--format', format);
  expect(text).toContain(expected);
  const file = join(root, `books.${format}`);
  const report = JSON.parse(await ledger('export', '--format', format, '--out', file, '--json'));
  expect(report).toMatchObject({ file, format, bytes: Buffer.byteLength(text) });
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('export writes a part: from a leaf, to before another', async () => {
  const lines = (await ledger('export', '--format', 'csv', '--from', '100', '--to', '110'))
    .trimEnd()
    .split('\r\n');
  const leaves = lines.slice(1).map((line) => line.split(',')[0]);
  expect(
    [...new Set(leaves)].every((leaf) => leaf === '' || (Number(leaf) >= 100 && Number(leaf) < 110)),
  ).toBe(true);
  expect(leaves).toContain('109');
  expect(leaves).toContain('');
});

test('verify accepts a log by directory, by the folder around it and by URL', async () => {
  const leaves = JSON.parse(await ledger('verify', log, '--json')).leaves;
  expect(Number(leaves)).toBe(700 + 20 + 24);
  expect(JSON.parse(await ledger('verify', join(data, 'public'), '--json')).leaves).toBe(leaves);
  const url = await serveFolder(join(data, 'public'));
  const report = JSON.parse(await ledger('verify', `${url}/log/`, '--accounts', '--json'));
  expect(report).toMatchObject({ verdict: 'ok', leaves, accounts: 24, sums: { JAM: '0', USD: '0' } });
  expect(report.balances).toHaveLength(24);
  expect(await ledger('verify', log)).toContain('compare it with one from elsewhere');
});

test('verify refuses a damaged log, a foreign key, a rewritten past and missing witnesses, each by its code', async () => {
  const vkey = readFileSync(join(data, 'public', 'log.vkey'), 'utf8').trim();
  const refused = (code: string) => ({ code, exitCode: EXIT.refused });
  const damaged = join(root, 'damaged');
  cpSync(log, damaged, { recursive: true });
  const bundle = readFileSync(join(damaged, 'tile/entries/001'));
  writeFileSync(join(damaged, 'tile/entries/001'), bundle.fill(9, 2, 3));
  expect(await refusal('verify', damaged, '--vkey', vkey)).toEqual(refused('leaf-version-unknown'));
  rmSync(join(damaged, 'tile/0/000'));
  expect(await refusal('verify', damaged, '--vkey', vkey)).toEqual(refused('tile-absent'));
  const foreign = vkeyOf(signerFromSeed('drill.invalid/log', new Uint8Array(32).fill(2)));
  expect(await refusal('verify', log, '--vkey', foreign)).toEqual(refused('signature-missing'));
  expect(await refusal('verify', log, '--quorum', '1')).toEqual(refused('witnesses-too-few'));
  const [longer, other] = [join(root, 'longer'), join(root, 'other')];
  await fillBooks({ directory: longer, entries: 900, accounts: 20 });
  await fillBooks({ directory: other, entries: 500, accounts: 21 });
  const checkpointOf = (books: string) => join(books, 'public', 'log', 'checkpoint');
  expect(await refusal('verify', log, '--since', checkpointOf(longer))).toEqual(refused('log-shortened'));
  expect(await refusal('verify', log, '--since', checkpointOf(other))).toEqual(refused('proof-invalid'));
});

const MISUSE: readonly [string, string[], string][] = [
  ['an unknown format', ['export', '--format', 'xml'], 'format-unknown'],
  ['a report without a file', ['export', '--format', 'csv', '--json'], 'option-invalid'],
  [
    'a part that ends before it begins',
    ['export', '--format', 'csv', '--from', '5', '--to', '5'],
    'option-invalid',
  ],
  ['a negative leaf', ['export', '--format', 'csv', '--from=-1'], 'option-invalid'],
  [
    'books that are not there',
    ['export', '--format', 'csv', '--data', join(root, 'nothing')],
    'books-missing',
  ],
  ['a log that is not there', ['verify', join(root, 'nothing')], 'log-missing'],
  ['a folder that is no log', ['verify', join(data, 'public', 'log', 'tile')], 'checkpoint-absent'],
  ['half a witness', ['verify', log, '--quorum', '0.5'], 'option-invalid'],
  [
    'an older checkpoint that is not there',
    ['verify', log, '--since', join(root, 'none')],
    'checkpoint-absent',
  ],
  [
    'a witness that watches nothing readable',
    ['witness', '--log', 'nonsense', '--state', join(root, 'w')],
    'vkey-malformed',
  ],
  ['a witness of nothing', ['witness', '--state', join(root, 'w')], 'option-invalid'],
  ['a witness on no port', ['witness', '--log', 'x', '--port', '99999'], 'option-invalid'],
  ['a witness with a space in its name', ['witness', '--log', 'x', '--name', 'a b'], 'option-invalid'],
  [
    'a cosignature for a log elsewhere',
    ['cosign', 'http://x.invalid/', '--witness', 'http://x.invalid', '--vkey', 'x'],
    'option-invalid',
  ],
  ['a witness that is no address', ['cosign', log, '--witness', 'nowhere', '--vkey', 'x'], 'option-invalid'],
  ['a drill of nothing', ['drill', '--entries', '0'], 'option-invalid'],
];

test.each(MISUSE)('%s is a mistake of the command line', async (_, words, code) => {
  expect(await refusal(...words)).toEqual({ code, exitCode: EXIT.usage });
});

test('a witness cosigns, verify counts it, and a fork is refused even after a restart', async () => {
  const vkeyFile = join(data, 'public', 'log.vkey');
  const logVkey = readFileSync(vkeyFile, 'utf8').trim();
  const state = join(root, 'witness');
  const witness = await startWitness(logVkey, state);
  const older = join(root, 'older-checkpoint');
  copyFileSync(join(log, 'checkpoint'), older);
  const cosigned = JSON.parse(
    await ledger('cosign', log, '--witness', witness.url, '--vkey', witness.vkey, '--json'),
  );
  expect(cosigned).toMatchObject({ witness: 'witness.example', size: '744' });
  const words = ['verify', log, '--witness', witness.vkey, '--quorum', '1', '--since', older, '--json'];
  expect(JSON.parse(await ledger(...words))).toMatchObject({ witnesses: ['witness.example'] });
  await witness.stop();
  expect(await refusal('cosign', log, '--witness', witness.url, '--vkey', witness.vkey)).toEqual({
    code: 'witness-unreachable',
    exitCode: EXIT.failed,
  });
  const again = await startWitness(logVkey, state);
  expect(again.vkey).toBe(witness.vkey);
  const fork = join(root, 'fork');
  await fillBooks({ directory: fork, entries: 800, accounts: 19 });
  expect(await refusal('cosign', join(fork, 'public'), '--witness', again.url, '--vkey', again.vkey)).toEqual(
    { code: 'witness-refused', exitCode: EXIT.refused },
  );
  await again.stop();
});

test('a drill of small books ends with figures, and with hledger agreeing where it is installed', async () => {
  const report = JSON.parse(
    await ledger('drill', '--entries', '300', '--accounts', '10', '--parts', '1', '--json'),
  );
  expect(report).toMatchObject({ entries: 300, accounts: 14, leaves: 324 });
  expect(report.verifyPeakMemoryBytes).toBeGreaterThan(1e6);
  if (report.hledger !== null) expect(report.hledger).toMatchObject({ parts: 1, balancesAgree: true });
});

async function startWitness(logVkey: string, state: string) {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const words = ['ledger', 'witness', '--log', logVkey, '--name', 'witness.example', '--state', state];
  const child = spawn(process.execPath, [main, ...words, '--port', '0', '--json'], { stdio: 'pipe' });
  cleanups.push(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const { url, vkey } = JSON.parse(String(line)) as { url: string; vkey: string };
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  };
  return { url, vkey, stop };
}

/** Any web server that serves files will do for a log. */
async function serveFolder(folder: string): Promise<string> {
  const files = directoryFiles(folder);
  const server = createServer(async (request, response) => {
    const bytes = await files.read(request.url ?? '').catch(() => null);
    response.writeHead(bytes ? 200 : 404).end(bytes ?? undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
