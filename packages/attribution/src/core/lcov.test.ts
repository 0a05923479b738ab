import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLcov } from './lcov.ts';
import { locateSources } from './locate-sources.ts';
import { USES_MAX } from './log-weight.ts';

const TRACE = [
  'TN:',
  'SF:a.py',
  'FN:1,f',
  'FNDA:3,f',
  'DA:1,1',
  'DA:2,3,abc=',
  'LF:2',
  'end_of_record',
  '',
].join('\n');

function countsOf(text: string): Record<string, [number, number][]> {
  const read = parseLcov(text);
  if (!read.ok) throw new Error(read.message);
  return Object.fromEntries([...read.value].map(([path, lines]) => [path, [...lines]]));
}

test('lines of a tracefile are counted, with either line end', () => {
  const counts = {
    'a.py': [
      [1, 1],
      [2, 3],
    ],
  };
  expect(countsOf(TRACE)).toEqual(counts);
  expect(countsOf(TRACE.replaceAll('\n', '\r\n'))).toEqual(counts);
});

test('records of one file add up, and a count beyond every machine is cut', () => {
  expect(countsOf(`${TRACE}SF:a.py\nDA:2,4\nDA:9,18446744073709551615\nend_of_record\n`)).toEqual({
    'a.py': [
      [1, 1],
      [2, 7],
      [9, USES_MAX],
    ],
  });
});

test.each([
  ['nothing', ''],
  ['another text', '{"schema":"jamnet/usage/v1"}'],
  ['a count before any file', 'DA:1,1\n'],
  ['a count after the end of a file', 'SF:a.py\nend_of_record\nDA:1,1\n'],
  ['a fraction', 'SF:a.py\nDA:1,0.5\n'],
  ['a power of ten', 'SF:a.py\nDA:1,1e9\n'],
  ['a negative count', 'SF:a.py\nDA:1,-1\n'],
  ['line nought', 'SF:a.py\nDA:0,1\n'],
  ['no count', 'SF:a.py\nDA:1\n'],
])('a tracefile with %s is refused', (_what, text) => {
  expect(parseLcov(text)).toMatchObject({ ok: false, code: 'usage-malformed' });
});

test('any text gives an answer', () => {
  const record = fc.constantFrom('SF:a', 'DA:1,1', 'DA:', 'end_of_record', 'DA:1,1,', '\r', 'SF:');
  const text = fc.oneof(
    fc.string(),
    fc.array(record).map((lines) => lines.join('\n')),
  );
  fc.assert(fc.property(text, (source) => typeof parseLcov(source).ok === 'boolean'));
});

test('absolute paths are led to the tree by the folder most of them share, others are left out', () => {
  const lines = new Map([[1, 1]]);
  const written = [
    '/home/a/repo/src/x.py',
    '/home/a/repo/os.py',
    '/usr/lib/python3/os.py',
    './src/y.py',
    'gone.py',
  ];
  const counts = new Map(written.map((path) => [path, lines]));
  const found = locateSources(counts, new Set(['src/x.py', 'os.py', 'src/y.py']));
  expect([...found.keys()]).toEqual(['src/x.py', 'os.py', 'src/y.py']);
  const stranger = new Map([
    ['/usr/lib/python3/os.py', lines],
    ['/home/a/repo/src/x.py', lines],
    ['/home/a/repo/src/z.py', lines],
  ]);
  expect([...locateSources(stranger, new Set(['src/x.py', 'src/z.py', 'os.py'])).keys()]).toEqual([
    'src/x.py',
    'src/z.py',
  ]);
  expect([...locateSources(new Map([['C:\\repo\\src\\x.py', lines]]), new Set(['src/x.py'])).keys()]).toEqual(
    ['src/x.py'],
  );
});
