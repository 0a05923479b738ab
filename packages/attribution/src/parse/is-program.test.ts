import { expect, test } from 'vitest';
import { isProgram } from './is-program.ts';

test.each([
  ['ts', 'const a: number = f();', 'const a: number = f(;'],
  ['tsx', 'const a = <b>c</b>;', 'const a = <b>c;'],
  ['js', 'if (a) { b(); }', 'if (a) { b();'],
  ['python', 'if a:\n    b()\n', 'if a:\n    b(\n'],
  ['rust', 'fn f() { g(); }', 'fn f() { g();'],
  ['go', 'package a\nfunc f() { g() }', 'package a\nfunc f() { g() }}'],
  ['cpp', 'void f() { g(); }', 'void f() { g(;'],
  ['java', 'class A { void f() { } }', 'class A { void f() { }'],
] as const)('%s: a text with a syntax error is no program', async (dialect, whole, broken) => {
  expect([await isProgram(whole, dialect), await isProgram(broken, dialect)]).toEqual([true, false]);
});

test('a text deeper than the parser’s stack is none', async () => {
  expect(await isProgram('['.repeat(200_000), 'ts')).toBe(false);
});
