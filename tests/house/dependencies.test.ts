import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, importsOf, isTest, ORDER, PURE, ROOT, STRANGERS } from './structure.ts';

const FOLDER_OF = new Map(
  ORDER.map((folder) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { name: string };
    return [manifest.name, folder] as const;
  }),
);

/** The workspace package a module name leads to, e.g. `@jamnet/ledger/verifier` → `packages/ledger`. */
function folderOf(module: string): (typeof ORDER)[number] | undefined {
  return FOLDER_OF.get(module.split('/').slice(0, 2).join('/'));
}

test('every package stands in the order', () => {
  const present = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`),
  );
  expect(present.filter((folder) => !ORDER.some((known) => known === folder))).toEqual([]);
});

test('packages import only packages that stand before them in the order', () => {
  const wrong: string[] = [];
  ORDER.forEach((folder, place) => {
    for (const file of filesBelow(`${folder}/src`, ['.ts', '.tsx'])) {
      for (const module of importsOf(file.text)) {
        const target = folderOf(module);
        if (target && target !== folder && ORDER.indexOf(target) > place)
          wrong.push(`${file.path} → ${target}`);
      }
    }
  });
  expect(wrong).toEqual([]);
});

test('toast, groove, ledger and mesh do not know each other', () => {
  const wrong: string[] = [];
  for (const [one, other] of STRANGERS) {
    for (const [from, to] of [[one, other] as const, [other, one] as const]) {
      for (const file of filesBelow(`${from}/src`, ['.ts'])) {
        if (!isTest(file.path) && importsOf(file.text).some((module) => folderOf(module) === to))
          wrong.push(`${file.path} → ${to}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('no file reaches into another package past its exports', () => {
  const wrong: string[] = [];
  for (const folder of ORDER) {
    for (const file of filesBelow(`${folder}/src`, ['.ts', '.tsx'])) {
      for (const module of importsOf(file.text)) {
        const target = module.startsWith('.') ? posix.join(posix.dirname(file.path), module) : folder;
        if (target !== folder && !target.startsWith(`${folder}/`)) wrong.push(`${file.path} → ${module}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** What pure code must not name, and what to do instead. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [
    /\bDate\s*\.\s*now\b|\bnew Date\s*\(\s*\)|\bperformance\s*\.\s*now\b|\bhrtime\b/,
    'take the time as an argument',
  ],
  [
    /\bMath\s*\.\s*random\b|\bgetRandomValues\b|\brandomBytes\b|\brandomUUID\b/,
    'take a Chance (or the bytes) as an argument',
  ],
  [
    /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
    'say when you want to be called next; the shell keeps the time',
  ],
  [/\bprocess\s*\.|\bBuffer\b|\bglobalThis\b|\bconsole\s*\./, 'take it as an argument or return a value'],
  [/\bfetch\s*\(|\bWebSocket\b|\bXMLHttpRequest\b/, 'leave an effect for the shell'],
];

test('pure code touches no clock, chance, timer, socket, file or log', () => {
  const wrong: string[] = [];
  for (const folder of PURE) {
    for (const file of filesBelow(folder, ['.ts'])) {
      if (isTest(file.path)) continue;
      for (const module of importsOf(file.text)) {
        if (/^node:/.test(module))
          wrong.push(`${file.path} imports ${module}: take what it gives as an argument`);
      }
      const code = file.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      for (const [pattern, hint] of IMPURE)
        if (pattern.test(code)) wrong.push(`${file.path} matches ${pattern}: ${hint}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the process environment is read in one file of each program', () => {
  const readers = ORDER.flatMap((folder) => filesBelow(`${folder}/src`, ['.ts']))
    .filter((file) => !isTest(file.path) && /\bprocess\.env\b/.test(file.text))
    .map((file) => file.path);
  const programs = readers.map((path) => path.split('/').slice(0, 2).join('/'));
  expect(new Set(programs).size, readers.join(', ')).toBe(programs.length);
});
