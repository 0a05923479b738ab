import { canonicalJson, encodeUtf8, toHex } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsFor } from '../testing/hosts.ts';
import { testNode, testTask } from '../testing/rows.ts';
import type { Context } from './context.ts';
import { commitBytes } from './identity.ts';
import { evidenceSalt } from './keyed-draw.ts';
import { evidenceHash } from './work-record.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const lease = fc.nat();

test('commitments are signed over canonical JSON, whatever the texts are', () => {
  const item = fc.record({
    task: text,
    lease,
    resultHash: text,
    chunkHashes: fc.array(text, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(text, fc.array(item, { maxLength: 3 }), (node, items) => {
      const expected = `jamnet/mesh/commit/v1\0${canonicalJson({ node, items })}`;
      expect(commitBytes(node, items)).toEqual(encodeUtf8(expected));
    }),
  );
});

test('evidence is hashed over canonical JSON, whatever the texts are', () => {
  const parts = partsFor({ seed: 'test' });
  const context = parts as Context; // Instant, tables and effects are not looked at.
  fc.assert(
    fc.property(
      text,
      text,
      text,
      fc.bigInt({ min: 0n, max: 2n ** 63n }),
      (id, kind, resultHash, workUnits) => {
        const task = { ...testTask(id), kind, resultHash, workUnits };
        const { inputHash, version } = task;
        const salt = toHex(evidenceSalt(parts.sha256, parts.secret, id));
        const document = { task: id, kind, version, inputHash, resultHash, workUnits, node: 'n', salt };
        const expected = encodeUtf8(`jamnet/mesh/evidence/v1\0${canonicalJson(document)}`);
        expect(evidenceHash(context, testNode('n'), task)).toBe(toHex(parts.sha256(expected)));
      },
    ),
  );
});
