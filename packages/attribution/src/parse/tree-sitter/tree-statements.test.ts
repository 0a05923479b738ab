import { encodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dialect, Statement } from '../../core/statement.ts';
import { parseSource } from '../parse-source.ts';
import { LANGUAGES } from './languages.ts';
import { DEPTH_MAX, MISMATCHES_MAX, TREE_TEXT_MAX } from './read-tree.ts';

async function parsed(dialect: Dialect, text: string): Promise<Statement[]> {
  const found = await parseSource(encodeUtf8(text), dialect);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

async function keys(dialect: Dialect, text: string): Promise<string[]> {
  return (await parsed(dialect, text)).map((statement) => statement.key);
}

type Case = readonly [what: string, one: string, other: string];

const SAME: Readonly<Partial<Record<Dialect, readonly Case[]>>> = {
  python: [
    ['quotes', `f('a', "it's")`, `f("a", 'it\\'s')`],
    ['parentheses', 'x = a * b + c', 'x = ((a * b) + (c))'],
    ['parentheses around lists of values', 'return a, b', 'return (\n    a,\n    b,\n)'],
    ['annotations', 'def f(a: int = 1, *b: str) -> int:\n  g()', 'def f(a=1, *b):\n    g()'],
    ['comments and docstrings', 'def f():\n  "why"\n  g() # so', 'def f():\n    g()'],
    ['strings written in two parts', `f('ab')`, `f('a' 'b')`],
    ['names of parameters', 'def f(a, b=1):\n  return a + b', 'def f(x, y=1):\n  return x + y'],
    ['names of locals', 'def f():\n  a = g()\n  h(a)', 'def f():\n  b = g()\n  h(b)'],
    ['names of loops', 'def f(s):\n  for a, (b, c) in s: g(b)', 'def f(s):\n  for x, (y, z) in s: g(y)'],
    ['names in comprehensions', 'v = [a for a in s if a]', 'v = [x for x in s if x]'],
    ['names of lambdas', 'v = lambda a: a + 1', 'v = lambda x: x + 1'],
    [
      'names of caught errors',
      'def f():\n  try: g()\n  except E as e: h(e)',
      'def f():\n  try: g()\n  except E as x: h(x)',
    ],
    ['names of opened files', 'def f():\n  with o() as a: a.r()', 'def f():\n  with o() as b: b.r()'],
    [
      'names caught by patterns',
      'def f(v):\n  match v:\n    case [a]: g(a)',
      'def f(v):\n  match v:\n    case [b]: g(b)',
    ],
    ['names in formatted strings', `def f(a):\n  g(f"{a!r}")`, `def f(b):\n  g(f'{b!r}')`],
    ['the name of self', 'class A:\n  def m(self): self.x = 1', 'class A:\n  def m(this): this.x = 1'],
    ['aliases of imports', 'import a.b as c\nc.d()', 'import x.b as z\nz.d()'],
    ['number notation', 'f(255, 1000)', 'f(0xFF, 1_000)'],
    ['letters of another style', 'total(1)', '𝐭𝐨𝐭𝐚𝐥(1)'],
    ['line ends and indentation', 'if a:\n  b()\n  c()\n', 'if a:\r\n\tb()\r\n\tc()\r\n'],
    ['an added empty else', 'if a:\n  b()', 'if a:\n  b()\nelse:\n  pass'],
  ],
  go: [
    ['comments and layout', 'func f() { g() }', 'func f() {\n\t// why\n\tg()\n}'],
    ['names of parameters and results', 'func f(a int) (r int) { r = a }', 'func f(x int) (y int) { y = x }'],
    ['names of receivers', 'func (a T) f() { a.g() }', 'func (b T) f() { b.g() }'],
    ['names of locals', 'func f() { a, err := g(); h(a, err) }', 'func f() { x, e := g(); h(x, e) }'],
    ['the name of a hidden local', 'func f(a int) { a := a; g(a) }', 'func f(a int) { b := a; g(b) }'],
    [
      'names of ranges',
      'func f() { for k, v := range m { g(k, v) } }',
      'func f() { for a, b := range m { g(a, b) } }',
    ],
    [
      'names of literals’ fields beside locals',
      'func f(a int) { g(T{a: a}) }',
      'func f(b int) { g(T{a: b}) }',
    ],
    ['aliases of imports', 'import m "x/math"\nfunc f() { m.A() }', 'import "y/math"\nfunc f() { math.A() }'],
    ['labels', 'func f() { L: for { break L } }', 'func f() { M: for { break M } }'],
  ],
  rust: [
    [
      'types and attributes',
      '#[inline]\npub fn f(a: u8) -> u8 { let b: u8 = g(a); b }',
      'fn f(a: u16) -> u16 { let b = g(a); b }',
    ],
    ['names of parameters', 'fn f(a: u8) { g(a) }', 'fn f(b: u8) { g(b) }'],
    ['names of locals', 'fn f() { let mut a = 1; a += 2; }', 'fn f() { let mut b = 1; b += 2; }'],
    [
      'the name of a hidden local',
      'fn f(x: u8) { let x = x + 1; g(x); }',
      'fn f(x: u8) { let y = x + 1; g(y); }',
    ],
    [
      'names in patterns',
      'fn f(o: O) { if let Some(a) = o { g(a) } }',
      'fn f(o: O) { if let Some(b) = o { g(b) } }',
    ],
    ['shorthand fields', 'fn f(a: u8) -> P { P { a } }', 'fn f(b: u8) -> P { P { a: b } }'],
    ['shorthand patterns', 'fn f(p: P) { let P { a } = p; g(a) }', 'fn f(p: P) { let P { a: b } = p; g(b) }'],
    [
      'braces around arms',
      'fn f(a: u8) { match a { 1 => g(), _ => {} } }',
      'fn f(a: u8) { match a { 1 => { g() } _ => {} } }',
    ],
    ['braces around closures', 'fn f() { let a = |b| b + 1; }', 'fn f() { let a = |c| { c + 1 }; }'],
    ['types of closures', 'fn f() { let a = |b: u8| b + 1; }', 'fn f() { let a = |b| b + 1; }'],
    ['names in macros', 'fn f(a: u8) { println!("{a} {}", a) }', 'fn f(b: u8) { println!("{b} {}", b) }'],
    ['fields in macros', 'fn f(a: A) { log!(a.x); }', 'fn f(x: A) { log!(x.x); }'],
  ],
  cpp: [
    ['types', 'int f(const int& a) { int b = a; return b; }', 'long f(long& a) { auto b = a; return b; }'],
    ['braces', 'void f() { if (a) g(); else h(); }', 'void f() { if (a) { g(); } else { h(); } }'],
    [
      'names of parameters',
      'int f(int a, char *b) { return a + *b; }',
      'int f(int x, char *y) { return x + *y; }',
    ],
    [
      'names of locals',
      'void f() { for (int i = 0; i < 3; ++i) g(i); }',
      'void f() { for (int j = 0; j < 3; ++j) g(j); }',
    ],
    ['one declaration or two', 'void f() { int a = 1, b = g(); }', 'void f() { int a = 1; int b = g(); }'],
    [
      'names of lambdas',
      'void f() { auto a = [](int b) { return b; }; }',
      'void f() { auto c = [](int d) { return d; }; }',
    ],
    ['labels', 'void f() { A: goto A; }', 'void f() { B: goto B; }'],
  ],
  java: [
    [
      'modifiers and types',
      'class A { public int f(final int a) { return a; } }',
      'class A { long f(long a) { return a; } }',
    ],
    [
      'braces',
      'class A { void f() { if (a) g(); else h(); } }',
      'class A { void f() { if (a) { g(); } else { h(); } } }',
    ],
    [
      'names of locals',
      'class A { void f() { int a = g(); h(a); } }',
      'class A { void f() { var b = g(); h(b); } }',
    ],
    [
      'names of lambdas',
      'class A { void f() { g(a -> a.b()); } }',
      'class A { void f() { g(x -> x.b()); } }',
    ],
    [
      'a local named like a method',
      'class A { void f(int g) { g(g); } }',
      'class A { void f(int h) { g(h); } }',
    ],
    [
      'caught names',
      'class A { void f() { try { g(); } catch (E e) { h(e); } } }',
      'class A { void f() { try { g(); } catch (E x) { h(x); } } }',
    ],
  ],
};

const DIFFERENT: Readonly<Partial<Record<Dialect, readonly Case[]>>> = {
  python: [
    ['which local', 'def f(a, b): return a - b', 'def f(a, b): return b - b'],
    ['the operator', 'a = b + c', 'a = b - c'],
    ['nesting', 'a = b * (c + d)', 'a = b * c + d'],
    ['the side of a slice', 'a = b[1:]', 'a = b[:1]'],
    ['a module-level name', 'f(1)', 'g(1)'],
    ['a name declared global', 'def f():\n  global a\n  a = 1', 'def f():\n  global b\n  b = 1'],
    ['a literal', 'f(1)', 'f(2)'],
    ['a string that looks like a number', 'f(1)', `f('1')`],
    ['a raw string', `f('\\\\d')`, `f(r'\\\\d')`],
    ['async', 'async def f(): g()', 'def f(): g()'],
    ['not', 'a = b is c', 'a = b is not c'],
    ['a keyword argument', 'f(a=1)', 'f(b=1)'],
  ],
  go: [
    ['a pointer’s value', 'func f(a *int) { g(*a) }', 'func f(a *int) { g(a) }'],
    ['a field', 'func f() { a.b = 1 }', 'func f() { a.c = 1 }'],
    ['go and defer', 'func f() { go g() }', 'func f() { defer g() }'],
  ],
  rust: [
    [
      'a constant in a pattern',
      'fn f(a: u8) { match a { A => g(), _ => h() } }',
      'fn f(a: u8) { match a { B => g(), _ => h() } }',
    ],
    ['a macro', 'fn f() { a!(1) }', 'fn f() { b!(1) }'],
    ['the question mark', 'fn f() { g()?; }', 'fn f() { g(); }'],
    ['a cast', 'fn f(a: u8) { g(a as u8) }', 'fn f(a: u8) { g(a as u16) }'],
  ],
  cpp: [
    ['a dot and an arrow', 'void f() { a.b(); }', 'void f() { a->b(); }'],
    ['a field', 'void f() { a.b = 1; }', 'void f() { a.c = 1; }'],
  ],
  java: [
    ['a method', 'class A { void f() { a.g(); } }', 'class A { void f() { a.h(); } }'],
    [
      'the thrown class',
      'class A { void f() { throw new E(); } }',
      'class A { void f() { throw new F(); } }',
    ],
  ],
};

function tableOf(cases: typeof SAME) {
  return Object.entries(cases).flatMap(([dialect, rows]) =>
    // The tables' own keys.
    (rows ?? []).map(([what, one, other]) => [dialect as Dialect, what, one, other] as const),
  );
}

describe('statements of other languages', () => {
  test.each(tableOf(SAME))('%s: %s make no difference', async (dialect, _what, one, other) => {
    expect(await keys(dialect, one)).toEqual(await keys(dialect, other));
    expect((await keys(dialect, one)).length).toBeGreaterThan(0);
  });

  test.each(tableOf(DIFFERENT))('%s: %s makes a difference', async (dialect, _what, one, other) => {
    expect(await keys(dialect, one)).not.toEqual(await keys(dialect, other));
  });

  test('what runs in one language is no copy of the same words in another', async () => {
    expect(await keys('go', 'func f() { g(1) }')).not.toEqual(await keys('cpp', 'void f() { g(1); }'));
  });

  test('imports, types and declarations without a value are no statements', async () => {
    expect(await keys('python', 'import a\nfrom b import c\nx: int\n"""doc"""\npass\n')).toEqual([]);
    expect(await keys('go', 'package a\nimport "b"\ntype C struct { d int }\nvar e int\n')).toEqual([]);
    expect(await keys('rust', 'use a::b;\nstruct C { d: u8 }\nenum E { F }\ntrait G { fn h(); }\n')).toEqual(
      [],
    );
    expect(await keys('cpp', '#include <a>\n#define B 1\nint c;\nint d(int);\ntypedef int e;\n')).toEqual([]);
    expect(await keys('java', 'package a;\nimport b.C;\ninterface D { int e(); }\n')).toEqual([]);
  });

  test('places are lines and UTF-16 offsets, and calls of a Python function are read inside it', async () => {
    const text = 'a = "𝄞"\ndef f(b):\n    """doc"""\n    return g(b,\n      h())\n';
    const found = await parsed('python', text);
    expect(found.map((one) => [one.startLine, one.endLine])).toEqual([
      [1, 1],
      [2, 5],
      [4, 5],
    ]);
    const inside = text.indexOf('return');
    expect(found[1]?.probes).toEqual([inside]);
    expect(found[2]?.probes).toEqual([inside, text.indexOf('h()')]);
  });

  test('a text nested deeper than the limit is named, and the next one is read', async () => {
    const nested = (depth: number): string => `a = ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
    expect(await parseSource(encodeUtf8(nested(DEPTH_MAX + 1)), 'python')).toBe('unparsable');
    expect(await parsed('python', nested(DEPTH_MAX / 2))).toHaveLength(1);
    for (const [open, dialect] of [
      ['(', 'python'],
      ['{', 'rust'],
      ['[', 'go'],
    ] as const) {
      // Never closed, so the parser makes what it can of it; what counts is that the next text is read as ever.
      const before = await keys(dialect, 'f(1);');
      await parseSource(encodeUtf8(open.repeat(20_000)), dialect);
      expect(await keys(dialect, 'f(1);')).toEqual(before);
    }
  });

  test('texts that would take a parser long are named: too many brackets without a partner, or too long', async () => {
    const call = 'f(1)\n';
    const closing = (count: number): string => `${call}${')a '.repeat(count)}`;
    expect(await parseSource(encodeUtf8(closing(MISMATCHES_MAX + 1)), 'python')).toBe('unparsable');
    expect(await keys('python', closing(20))).toContain((await keys('python', call))[0]);
    const long = call.repeat(TREE_TEXT_MAX / call.length + 1);
    expect(await parseSource(encodeUtf8(long), 'python')).toBe('unparsable');
  });

  test('broken and random text gives an answer, the same every time', async () => {
    const token = fc.constantFrom(
      ...'{ } ( ) [ ] : = == def fn func class if else match case for in => -> ; , " # a b 1'.split(' '),
      '\n',
      '  ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(token).map((tokens) => tokens.join(' ')),
    );
    // The table's own keys.
    const dialects = Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[];
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...dialects), async (source, dialect) => {
        const bytes = encodeUtf8(source);
        expect(await parseSource(bytes, dialect)).toEqual(await parseSource(bytes, dialect));
      }),
    );
  });
});
