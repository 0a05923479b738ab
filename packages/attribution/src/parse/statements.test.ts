import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialectOf } from '../core/statement.ts';
import { parseStatements, type ScriptDialect } from './statements.ts';

function keys(text: string, dialect: ScriptDialect = 'ts'): string[] {
  return parseStatements(text, dialect).map((statement) => statement.key);
}

test.each([
  ['quotes', `f('a');`, 'f("a")'],
  ['parentheses', 'x = a * b + c;', 'x = ((a * b) + (c));'],
  ['types', 'const a: Map<string, number> = b as never;', 'const a = b;'],
  ['let and const', 'let a = 1;', 'const a = 1;'],
  ['one declaration or two', 'const a = 1, b = f();', 'const a = 1;\nconst b = f();'],
  ['braces', 'if (a) f(); else { g(); }', 'if (a) { f(); } else g();'],
  ['an added empty else', 'if (a) f();', 'if (a) { f(); } else {}'],
  ['names of locals', 'function f(a, b) { return a + b; }', 'function f(x, y) { return x + y; }'],
  ['names of caught errors', 'try { f(); } catch (e) { g(e); }', 'try { f(); } catch (why) { g(why); }'],
  ['short and long properties', 'const o = { a, "b": 1 };', 'const o = { a: a, b: 1 };'],
  ['element access by name', 'a.b = 1;', `a['b'] = 1;`],
  ['aliases of imports', `import { a } from 'm'; a();`, `import { a as z } from 'm'; z();`],
  ['names of default imports', `import fs from 'm/fs.js'; fs.a();`, `import z from '../fs.ts'; z.a();`],
  ['number notation', 'a(255);', 'a(0xff);'],
  ['export and access modifiers', 'export class A { private a = 1; }', 'class A { public a = 1; }'],
  ['labels', 'a: for (;;) { break a; }', 'other: for (;;) { break other; }'],
  ['comments', 'f(); // why', '/* no */ f();'],
  ['commas between statements', 'a(); b(1); c = 2;', 'a(), (b(1), c = 2);'],
  ['commas before a value', 'function f() { a(); return b; }', 'function f() { return a(), b; }'],
  ['commas before a condition', 'a(); if (b) c();', 'if (a(), b) c();'],
  ['letters written as escapes', 'total(1);', '\\u0074otal(1);'],
  [
    'destructuring without and with the name',
    'function f({ a }) { g(a); }',
    'function f({ a: b }) { g(b); }',
  ],
])('%s make no difference', (_what, one, other) => {
  expect(keys(one)).toEqual(keys(other));
  expect(keys(one).length).toBeGreaterThan(0);
});

test.each([
  ['which local', 'function f(a, b) { return a - b; }', 'function f(a, b) { return a - a; }'],
  ['the operator', 'a = b + c;', 'a = b - c;'],
  ['nesting', 'a = b * (c + d);', 'a = b * c + d;'],
  ['a module-level name', 'f(1);', 'g(1);'],
  ['a literal', 'f(1);', 'f(2);'],
  ['a string that looks like a number', 'f(1);', `f('1');`],
  ['optional chaining', 'a.b();', 'a?.b();'],
  ['async', 'async function f() { a(); }', 'function f() { a(); }'],
  ['a generator', 'function* f() { a(); }', 'function f() { a(); }'],
  ['rest', 'function f(...a) { g(); }', 'function f(a) { g(); }'],
])('%s makes a difference', (_what, one, other) => {
  expect(keys(one)).not.toEqual(keys(other));
});

test('a name declared elsewhere in a file leaves other statements as they are', () => {
  const before = keys('function f(a) { console.log(Math.abs(a)); }');
  const after = keys(
    'function f(a) { console.log(Math.abs(a)); }\n{ const Math = 0; const console = 1; }\nvar a = 3;',
  );
  expect(after).toEqual(expect.arrayContaining(before));
});

test('imports, types and empty statements are no statements', () => {
  expect(
    keys(
      `import a from 'a'; export * from 'b'; interface A { b: 1 } type B = A; declare const c: B; ;; let d;`,
    ),
  ).toEqual([]);
});

test('a nested function body is counted apart from the statement that holds it', () => {
  const found = parseStatements('const f = () => {\n  g();\n};\n', 'ts');
  expect(found.map((one) => [one.startLine, one.endLine])).toEqual([
    [1, 3],
    [2, 2],
  ]);
});

test('broken and random text gives an answer', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom<ScriptDialect>('js', 'ts', 'tsx'),
      (text, dialect) => Array.isArray(keys(text, dialect)),
    ),
  );
  const token = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    '=>',
    'class',
    'function',
    'a',
    '<',
    '`',
    '${',
    'if',
    ';',
    '...',
    ':',
    '@',
    '=',
  );
  fc.assert(fc.property(fc.array(token), (tokens) => Array.isArray(keys(tokens.join(' ')))));
});

test('dialects follow the file name; declaration files and vendored packages are not read', () => {
  expect(
    ['a.ts', 'a.mjs', 'a.tsx', 'a.d.ts', 'x/node_modules/a.js', 'a.md', 'README'].map(dialectOf),
  ).toEqual(['ts', 'js', 'tsx', null, null, null, null]);
  expect(['a.py', 'a.go', 'a.rs', 'a.h', 'a.java', 'lib/site-packages/a.py', 'a.lua'].map(dialectOf)).toEqual(
    [...['python', 'go', 'rust', 'cpp', 'java', null, null]],
  );
});
