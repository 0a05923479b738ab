import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeWithPicture } from '../attribute.ts';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import type { CodePicture } from './code-picture.ts';

const RUN = "import { mill } from './mill.ts';\nconsole.log(mill(3), mill(4));\n";
const MILL = 'export function mill(n: number): number {\n  return n * 77;\n}\n';

describe('a picture of code', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let picture: CodePicture;
  beforeAll(async () => {
    temporary = await makeTemporary();
    const repoDirectory = await makeRepository(
      [
        { author: 'Ada', files: { 'mill.ts': MILL, 'run.ts': RUN } },
        { author: 'Bela', files: { 'copy.ts': MILL, 'run.ts': `${RUN}console.log(mill(5) % 2);\n` } },
        { author: 'Robo[bot]', files: { 'mill.ts': `${MILL}export const idle = 12345;\n` } },
      ],
      temporary.path,
    );
    const workload = { command: ['node', 'run.ts'], inputs: [], timeLimitSeconds: 60 };
    const found = await attributeWithPicture({
      repoDirectory,
      workload,
      sandbox: { allowUnsandboxed: true },
    });
    if (!found.ok) throw new Error(found.message);
    picture = found.value.picture;
  });
  afterAll(() => temporary.remove());

  const file = (path: string) => picture.files.find((one) => one.path === path);
  const person = (name: string) => picture.people.find((one) => one.name === name);

  test('shows each line that holds a statement with owner, use and share', () => {
    expect(file('mill.ts')?.lines[1]).toBe('  return n * 77;');
    // The same text stands in copy.ts, which comes first; it is paid there and belongs to who wrote it first.
    expect(file('copy.ts')?.marks[1]).toMatchObject({ startLine: 2, people: [person('Ada')?.id], uses: 3 });
    expect(file('copy.ts')?.marks[1]?.share).toBeGreaterThan(0);
    expect(file('mill.ts')?.marks[1]).toMatchObject({ startLine: 2, share: 0 });
    expect(file('mill.ts')?.marks.at(-1)).toMatchObject({ people: [], share: 0 });
  });

  test('gives each person the statements that earn for them, the largest first', () => {
    const earning = person('Ada')?.earning ?? [];
    expect(earning.map((one) => `${one.path}:${one.startLine} ${one.text}`)).toContain(
      'run.ts:2 console.log(mill(3), mill(4));',
    );
    expect(earning.map((one) => one.share)).toEqual(earning.map((one) => one.share).sort((a, b) => b - a));
    expect(person('Bela')?.earning.map((one) => one.startLine)).toEqual([3]);
  });

  test('shares of files and of statements add up to what people have, but for rounding down', () => {
    const files = picture.summary.files.reduce((sum, one) => sum + one.share, 0);
    expect(files).toBeLessThanOrEqual(1_000_000_000);
    expect(files).toBeGreaterThan(1_000_000_000 - picture.summary.statements);
    expect(person('Ada')?.share).toBeGreaterThan(person('Bela')?.share ?? 0);
    expect(picture.summary.files.find((one) => one.path === 'mill.ts')?.owner).toBeNull();
  });

  test('holds no address of anybody', () => {
    expect(JSON.stringify(picture)).not.toContain('@example.org');
  });
});
