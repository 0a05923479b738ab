import { present } from '@jamnet/base';
import ts from 'typescript-5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute, attributeInDetail } from './attribute.ts';
import { gatedWork } from './bounties/gated-work.ts';
import { personId } from './core/people.ts';
import { git } from './git/git.ts';
import type { AttributionReport } from './report.ts';
import { insertInLoop } from './testing/attacks.ts';
import { foundersFiles, foundersHistory, WORKLOAD } from './testing/founders-program.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';

const MODULES = 2;
const MALLORY = 'Mallory';

/** Without types, with other names for every function of the module: what a build leaves of a source. */
function minified(text: string): string {
  const names = [...new Set([...text.matchAll(/function (\w+)/g)].map((match) => match[1] ?? ''))];
  const script = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, removeComments: true },
  });
  return names
    .filter((name) => name !== 'stage0')
    .reduce(
      (code, name, k) => code.replace(new RegExp(`\\b${name}\\b(?!')`, 'g'), `_${k}`),
      script.outputText,
    );
}

// Hundreds of replays: a slow machine needs its time.
describe('the gate', { timeout: 1_200_000 }, () => {
  const files = foundersFiles(MODULES);
  const history = foundersHistory(MODULES);
  const first = present(files['src/stage-0.ts'], 'first module');
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function reportAfter(attack: readonly CommitPlan[]): Promise<AttributionReport> {
    const repoDirectory = await makeRepository([...history, ...attack], temporary.path);
    const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', `main~${attack.length}`]);
    const options = { repoDirectory, workload: WORKLOAD, cacheDirectory: `${temporary.path}/cache` };
    const result = await attribute({ ...options, gateSince: said.toString().trim() });
    if (!result.ok) throw new Error(result.message);
    expect(result.value.evidence).toMatchObject({ problem: null, gateUnchecked: [] });
    // The verdicts are on disk now: the same bytes must come out of them.
    expect(await attribute({ ...options, gateSince: said.toString().trim() })).toEqual(result);
    return result.value;
  }

  function by(author: string, text: string): CommitPlan {
    return { author, files: { 'src/stage-0.ts': text } };
  }

  const shareOf = (report: AttributionReport, author: string): number =>
    report.people.find((person) => person.id === personId(emailOf(author)))?.share ?? 0;

  describe('over several epochs', () => {
    const noise = Array.from({ length: 3 }, (_, k) => `if (total === ${k} + 0.5) throw new Error('${k}');`);

    /** One repository after each commit of the plan: what Mallory earns, what is held back, and what passes. */
    async function epochs(plan: readonly CommitPlan[]) {
      const repoDirectory = await makeRepository(plan, temporary.path);
      const at = async (
        revision: string,
        passedKeys: ReadonlySet<string>,
        gatedKeys: ReadonlySet<string>,
      ) => {
        const judged = { passedKeys, gatedKeys };
        const found = await attributeInDetail({ repoDirectory, revision, workload: WORKLOAD, ...judged });
        if (!found.ok) throw new Error(found.message);
        const { report, statements } = found.value;
        return {
          share: shareOf(report, MALLORY),
          work: gatedWork(statements, report.gated),
          all: new Set(statements.map(({ key }) => key)),
          gated: new Set(statements.filter(({ isGated }) => isGated).map(({ key }) => key)),
        };
      };
      /** What stands there, whoever earns by it: the ground on which a gate begins. */
      const allAt = async (revision: string): Promise<ReadonlySet<string>> => {
        const found = await attributeInDetail({ repoDirectory, revision, workload: null });
        if (!found.ok) throw new Error(found.message);
        return new Set(found.value.statements.map(({ key }) => key));
      };
      return { at, allAt };
    }

    test('holds back later as well what it held back when it arrived', async () => {
      const { at, allAt } = await epochs([...history, by(MALLORY, insertInLoop(first, noise))]);
      const all = await allAt('main~1');
      const arrived = await at('main', all, new Set());
      expect(arrived).toMatchObject({ share: 0, work: [{ people: [personId(emailOf(MALLORY))] }] });
      expect(arrived.gated.size).toBe(3);
      const later = await at('main', arrived.all, arrived.gated);
      expect(later).toMatchObject({ share: 0, work: [] });
      // Were it forgotten, it would be paid from the second epoch on.
      expect((await at('main', arrived.all, new Set())).share).toBeGreaterThan(0);
    });

    test('judges code that lay unused when a later epoch first runs it', async () => {
      const dead = `${first}\nfunction idle(n: number): void {\n${noise.join('\n').replaceAll('total', 'n')}\n}\n`;
      const woken = insertInLoop(dead, ['idle(total);']);
      const { at, allAt } = await epochs([...history, by(MALLORY, dead), by(MALLORY, woken)]);
      const all = await allAt('main~2');
      const asleep = await at('main~1', all, new Set());
      expect(asleep).toMatchObject({ share: 0, work: [] });
      // Only what earned has passed; what did not run was not judged.
      const awake = await at('main', all, asleep.gated);
      expect(awake.share).toBe(0);
      expect(awake.work.length).toBe(2);
    });
  });

  test('pays no noise that holds on to a real change by half a pair of braces', async () => {
    const real = '    total = (total + 12345) | 0;\n';
    const loop = first.indexOf('    const mixed');
    const end = first.indexOf("  const label = 'mix0'");
    const alone = `${first.slice(0, loop)}${real}${first.slice(loop)}`;
    const noise = Array.from(
      { length: 5 },
      (_, k) => `  if (total === ${k} + 0.5) throw new Error('${k}');\n`,
    );
    const at = first.indexOf('  for (let i');
    const held = `${first.slice(0, at)}${noise.join('')}  {\n${first.slice(at, loop)}${real}${first.slice(loop, end)}  }\n${first.slice(end)}`;
    const honest = await reportAfter([by(MALLORY, alone)]);
    const report = await reportAfter([by(MALLORY, held)]);
    expect(report.gated).toEqual([report.head]);
    expect(shareOf(report, MALLORY)).toBe(shareOf(honest, MALLORY));
  });

  test('lets the definition fall that only noise reads', async () => {
    const text = insertInLoop(first, ["if (total === HALF) throw new Error('never');"]);
    const report = await reportAfter([by(MALLORY, `${text}\nconst HALF = 0.5;\n`)]);
    expect(shareOf(report, MALLORY)).toBe(0);
  });

  test('leaves noise without pay in a commit that fails on purpose and is mended by the next one', async () => {
    const noise = Array.from({ length: 20 }, (_, k) => `if (total === ${k} + 0.5) throw new Error('${k}');`);
    const mended = insertInLoop(first, noise);
    const real = insertInLoop(first, ['total = (total + 12345) | 0;']);
    for (const [text, isPaid] of [
      [mended, false],
      [real, true],
    ] as const) {
      const plan = [...history, by(MALLORY, `${text}\nthrow new Error();\n`), by(MALLORY, text)];
      const repoDirectory = await makeRepository(plan, temporary.path);
      const rev = async (name: string): Promise<string> =>
        (await git([`--git-dir=${repoDirectory}`, 'rev-parse', name])).toString().trim();
      const result = await attribute({ repoDirectory, workload: WORKLOAD, gateSince: await rev('main~2') });
      if (!result.ok) throw new Error(result.message);
      const failing = await rev('main~1');
      expect(result.value.evidence.gateUnchecked).toEqual([failing]);
      expect(result.value.gated).toEqual(isPaid ? [] : [failing]);
      expect(shareOf(result.value, MALLORY) > 0).toBe(isPaid);
    }
  });

  test('leaves a new name of a function without pay', async () => {
    const report = await reportAfter([
      by(MALLORY, first.replace(/\bmix0\b/g, 'blend0').replace("'blend0'", "'mix0'")),
    ]);
    expect(shareOf(report, MALLORY)).toBe(0);
  });

  test('leaves names in look-alike letters without pay', async () => {
    // A Cyrillic letter in place of a Latin one.
    const report = await reportAfter([by(MALLORY, first.replace(/\bmix0\b(?!')/g, 'm\u0456x0'))]);
    expect(shareOf(report, MALLORY)).toBe(0);
  });

  test('leaves literals led through a table without pay', async () => {
    const numbers: string[] = [];
    const led = first.replace(
      /(?<=[(,[ ])\d{4,}(?=[),\]; ])/g,
      (number) => `TABLE[${numbers.push(number) - 1}]!`,
    );
    expect(numbers.length).toBeGreaterThan(20);
    const report = await reportAfter([by(MALLORY, `const TABLE = [${numbers.join(', ')}];\n${led}`)]);
    expect(shareOf(report, MALLORY)).toBe(0);
  });

  test('leaves a built copy without pay that a manifest puts in the place of the sources', async () => {
    const imports = '"imports":{"#mill":"./src/stage-0.ts"}';
    const through: CommitPlan = {
      author: 'Ada',
      files: {
        'package.json': `{"type":"module",${imports}}`,
        'src/stage-1.ts': present(files['src/stage-1.ts'], 'second module').replace(
          /^/,
          "import { stage0 } from '#mill';\nif (stage0(5) === 0.5) throw new Error();\n",
        ),
      },
    };
    const theft = {
      author: MALLORY,
      files: {
        'dist/mill.js': minified(first),
        'package.json': `{"type":"module",${imports.replace('src/stage-0.ts', 'dist/mill.js')}}`,
      },
    };
    history.push(through);
    try {
      const report = await reportAfter([theft]);
      expect(report.gated).toEqual([report.head]);
      expect(shareOf(report, MALLORY)).toBe(0);
    } finally {
      history.pop();
    }
  });

  describe('with a use of the first module in the second', () => {
    const second = present(files['src/stage-1.ts'], 'second module');
    const using = (imported: string): CommitPlan['files'] => ({
      'src/stage-1.ts': `import { ${imported} } from './stage-0.ts';\nif (stage0(5) === 0.5) throw new Error();\n${second}`,
    });

    test('leaves statements without pay that became new by another name in an import', async () => {
      const theft = {
        ...using('grind as stage0'),
        'src/stage-0.ts': `${first}export { stage0 as grind };\n`,
      };
      history.push({ author: 'Ada', files: using('stage0') });
      try {
        for (const real of ['', 'total = (total + 12345) | 0;']) {
          const text = real === '' ? theft['src/stage-0.ts'] : insertInLoop(theft['src/stage-0.ts'], [real]);
          const report = await reportAfter([
            { author: MALLORY, files: { ...theft, 'src/stage-0.ts': text } },
          ]);
          const honest =
            real === '' ? 0 : shareOf(await reportAfter([by(MALLORY, insertInLoop(first, [real]))]), MALLORY);
          expect(report.gated).toEqual([report.head]);
          // What is held back earns nobody anything, so the real line is a larger part of the rest.
          const gain = shareOf(report, MALLORY) - honest;
          expect(gain).toBeGreaterThanOrEqual(0);
          expect(gain).toBeLessThanOrEqual(honest / 50);
        }
      } finally {
        history.pop();
      }
    });
  });

  test('pays real lines and none of the new names of all functions beside them', async () => {
    const renamed = first.replace(/\b(mix|fold|spread|gather|turn|shift|carry|weigh)0\b(?!')/g, 'my_$1');
    let real = 0;
    // A line in each function, so that many more hunks than pairs are tried for are needed.
    const edited = (text: string) =>
      text.replace(
        /^ {4}const mixed/gm,
        (line) => `    total = (total + ${12_345 + (real++ % 8)}) | 0;\n${line}`,
      );
    const report = await reportAfter([by(MALLORY, edited(renamed))]);
    const honest = shareOf(await reportAfter([by(MALLORY, edited(first))]), MALLORY);
    expect(report.gated).toEqual([report.head]);
    const gain = shareOf(report, MALLORY) - honest;
    expect(gain).toBeGreaterThanOrEqual(0);
    expect(gain).toBeLessThanOrEqual(honest / 5);
  });

  test('refuses to start at a commit that is not there', async () => {
    const repoDirectory = await makeRepository(history, temporary.path);
    const result = await attribute({ repoDirectory, workload: WORKLOAD, gateSince: 'main' });
    expect(result).toMatchObject({ ok: false, code: 'gate-start-unknown' });
  });
});
