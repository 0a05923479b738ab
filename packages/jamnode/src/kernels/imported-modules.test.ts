import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { importedModules } from './imported-modules.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-modules-'));
  folders.push(folder);
  mkdirSync(join(folder, 'deep'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('an entry is listed with what it imports, in circles too, and without types, other packages and strangers', () => {
  const folder = folderWith({
    'entry.ts':
      "import './effect.ts';\nimport type { T } from './type.ts';\nexport {\n  a,\n  b,\n} from './deep/a.ts';\n",
    'effect.ts': "import { b } from '@jamnet/base';\n",
    'type.ts': 'export interface T {}\n',
    'deep/a.ts': "import { c } from '../c.ts';\nexport const a = 1;\n",
    'c.ts': "import { a } from './deep/a.ts';\n",
    'stranger.ts': '',
  });
  expect(importedModules(join(folder, 'entry.ts')).map((file) => file.slice(folder.length + 1))).toEqual([
    'c.ts',
    'deep/a.ts',
    'effect.ts',
    'entry.ts',
  ]);
});

test('what hosts forecast by does not hang on how rounds are settled, nor on how forecasters are trained', () => {
  const names = importedModules(fileURLToPath(import.meta.resolve('@jamnet/groove/forecasting'))).map(
    (file) => basename(file),
  );
  expect(names).toEqual(expect.arrayContaining(['house.ts', 'commitment.ts', 'network.ts', 'features.ts']));
  for (const other of ['settle.ts', 'live-round.ts', 'assignment.ts', 'train-step.ts', 'index.ts'])
    expect(names).not.toContain(other);
});
