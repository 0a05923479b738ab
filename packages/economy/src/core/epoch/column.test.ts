import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Names } from './column.ts';

test('names are numbered once, in the order of arrival, also when the table grows and when hashes are equal', () => {
  // Two texts with one FNV-1a hash (32 bits), as published with the function.
  const same = fc.constantFrom('costarring', 'liquid', 'declinate', 'macallums');
  fc.assert(
    fc.property(fc.array(fc.oneof(same, fc.string({ maxLength: 4 })), { maxLength: 200 }), (texts) => {
      const names = new Names();
      const known = new Map<string, number>();
      for (const text of texts) {
        if (!known.has(text)) known.set(text, known.size);
        expect(names.numberOf(text)).toBe(known.get(text));
      }
      for (const text of [...texts, 'not there']) expect(names.find(text)).toBe(known.get(text) ?? -1);
      expect(names.size).toBe(known.size);
    }),
  );
  const many = new Names();
  for (let n = 0; n < 10_000; n++) expect(many.numberOf(`name ${n}`)).toBe(n);
  for (let n = 0; n < 10_000; n++) expect([many.find(`name ${n}`), many.text(n)]).toEqual([n, `name ${n}`]);
});
