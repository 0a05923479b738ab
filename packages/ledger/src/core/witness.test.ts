import { encodeUtf8, toBase64 } from '@jamnet/base';
import { expect, test } from 'vitest';
import { checkpointText, verifyCheckpoint } from './checkpoint.ts';
import { foldSubtrees, planConsistency } from './proof-plan.ts';
import { foldTile } from './read-tiles.ts';
import { formatNote, parseNote, parseSignatureLine } from './signed-note.ts';
import { signerFromSeed, signNote, vkeyOf } from './signer.ts';
import { TileTree } from './tile-tree.ts';
import { leafHash } from './tree-hash.ts';
import { PROOF_HASHES_MAX } from './verify-proof.ts';
import { decideAddCheckpoint, parseAddCheckpoint, type WatchedLog } from './witness.ts';

const ORIGIN = 'studio.example/log';
const logSigner = signerFromSeed(ORIGIN, new Uint8Array(32).fill(7));
const witness = signerFromSeed('witness.example', new Uint8Array(32).fill(9));
const vkey = vkeyOf(logSigner);
const hashes = Array.from({ length: 20 }, (_, i) => leafHash(Uint8Array.of(i)));

function rootOf(size: number): Uint8Array {
  const tree = new TileTree();
  for (const hash of hashes.slice(0, size)) tree.appendHash(hash);
  return tree.root();
}

function note(size: number, root = rootOf(size), signer = logSigner): string {
  const text = checkpointText({ origin: ORIGIN, size: BigInt(size), root });
  return new TextDecoder().decode(formatNote(signNote(text, signer)));
}

function proof(oldSize: number, size: number): string {
  if (oldSize === 0 || oldSize === size) return '';
  const lines = planConsistency(oldSize, size).map((nodes) => {
    const parts = nodes.map(({ level, index }) => {
      const bytes = hashes.slice(index * 2 ** level, (index + 1) * 2 ** level).flatMap((hash) => [...hash]);
      return foldTile(Uint8Array.from(bytes));
    });
    return `${toBase64(foldSubtrees(parts))}\n`;
  });
  return lines.join('');
}

function withProofLines(count: number): string {
  return `old 5\n${`${toBase64(rootOf(1))}\n`.repeat(count)}\n${note(9)}`;
}

function ask(body: string, seen: WatchedLog['seen'], log: Partial<WatchedLog> | null = {}) {
  const request = parseAddCheckpoint(encodeUtf8(body));
  if (!request.ok) return { status: 400 };
  return decideAddCheckpoint(
    request.value,
    log && { origin: ORIGIN, vkey, seen, ...log },
    1_790_000_000n,
    witness,
  );
}

test('a witness cosigns a checkpoint that extends what it saw, and remembers it', () => {
  const seen = { size: 5n, root: rootOf(5) };
  const answer = ask(`old 5\n${proof(5, 13)}\n${note(13)}`, seen);
  expect(answer).toMatchObject({ status: 200, next: { size: 13n, root: rootOf(13) } });
  const line = parseSignatureLine('body' in answer ? answer.body.trimEnd() : '');
  const parsed = parseNote(encodeUtf8(note(13)));
  if (!line || !parsed.ok) throw new Error('unreadable');
  const cosigned = formatNote({ text: parsed.value.text, signatures: [...parsed.value.signatures, line] });
  expect(verifyCheckpoint(cosigned, vkey, [vkeyOf(witness, 'cosignature')])).toMatchObject({
    ok: true,
    value: { witnesses: ['witness.example'], signatures: [{}, { timeSeconds: 1_790_000_000n }] },
  });
});

test('every pair of sizes has a proof that the witness accepts', () => {
  for (let oldSize = 0; oldSize <= 20; oldSize++) {
    for (let size = oldSize; size <= 20; size++) {
      const seen = oldSize === 0 ? null : { size: BigInt(oldSize), root: rootOf(oldSize) };
      expect([
        oldSize,
        size,
        ask(`old ${oldSize}\n${proof(oldSize, size)}\n${note(size)}`, seen).status,
      ]).toEqual([oldSize, size, 200]);
    }
  }
});

const SEEN = { size: 5n, root: rootOf(5) };
const REFUSED: readonly [string, string, number, Partial<WatchedLog> | null][] = [
  ['an unknown origin', `old 5\n${proof(5, 9)}\n${note(9)}`, 404, null],
  [
    'a signature of another key',
    `old 5\n${proof(5, 9)}\n${note(9, rootOf(9), signerFromSeed(ORIGIN, new Uint8Array(32)))}`,
    403,
    {},
  ],
  ['an old size above the checkpoint', `old 5\n\n${note(4)}`, 400, {}],
  ['another old size than it saw', `old 4\n${proof(4, 9)}\n${note(9)}`, 409, {}],
  ['a fork at the same size', `old 5\n\n${note(5, rootOf(6))}`, 409, {}],
  ['a wrong proof', `old 5\n${proof(4, 9)}\n${note(9)}`, 422, {}],
  ['no proof', `old 5\n\n${note(9)}`, 422, {}],
  ['as many proof lines as a proof has, of another tree', withProofLines(PROOF_HASHES_MAX), 422, {}],
  ['one proof line more', withProofLines(PROOF_HASHES_MAX + 1), 400, {}],
  ['a malformed size', `old 05\n\n${note(9)}`, 400, {}],
  ['no checkpoint', 'old 5\n', 400, {}],
];

test.each(REFUSED)('a witness refuses %s', (_, body, status, log) => {
  const answer = ask(body, SEEN, log);
  expect(answer.status).toBe(status);
  if ('next' in answer) expect(answer.next).toBeNull();
  if (status === 409 && 'body' in answer)
    expect(answer).toMatchObject({ body: '5\n', contentType: 'text/x.tlog.size' });
});
