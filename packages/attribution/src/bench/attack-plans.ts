import { assert, present } from '@jamnet/base';
import { insertInLoop, mapFiles, moveTo, reFormat, reIndent, renameLocals } from '../testing/attacks.ts';
import type { CommitPlan } from '../testing/make-repository.ts';

type Files = Readonly<Record<string, string>>;

/** Something that earns without giving, tried on the founders' program. */
export interface Attack {
  /** What the thief does; follows "for". */
  readonly name: string;
  /** The commits arrive in an epoch whose hunks the gate judges. */
  readonly isJudged: boolean;
  /** Commits after the founders', who leave these files. */
  readonly commits: (files: Files) => CommitPlan[];
  /** What an honest author commits instead: only what goes beyond the share of that is gain. */
  readonly honest?: (files: Files) => CommitPlan[];
  /** Largest gain that the promise allows, out of 10⁹. */
  readonly gainPartsMax: number;
  /** Each founder must have the same share as before. */
  readonly isHarmless?: true;
}

const MALLORY = 'Mallory';
const FIRST = 'src/stage-0.ts';
const PARTS_PER_PERCENT = 10_000_000;

const by = (files: CommitPlan['files'], author = MALLORY): CommitPlan => ({ author, files });

/** The first module with lines at the beginning of its first function's loop, and something at its end. */
const inLoop = (files: Files, lines: readonly string[], end = ''): CommitPlan =>
  by({ [FIRST]: `${insertInLoop(present(files[FIRST], 'first module'), lines)}${end}` });

/** Every file changed but the workload, which must make a difference. */
function everywhere(files: Files, change: (text: string) => string): Record<string, string> {
  const changed = mapFiles(files, (text, path) => (path === 'run.ts' ? text : change(text)));
  assert(changed[FIRST] !== files[FIRST], 'an attack changes something');
  return changed;
}

/** Each line of a pattern with another one after it, so that each is a hunk of its own. */
function spread(text: string, pattern: RegExp, line: (n: number) => string): string {
  let n = 0;
  const lines = text.split('\n').flatMap((old) => (pattern.test(old) ? [old, line(n++)] : [old]));
  return lines.join('\n');
}

const times = (count: number, line: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => line(n));

/** A line that the output depends on. */
export const REAL_LINE = 'total = (total + 12345) | 0;';

/** A line that never does anything, another one for each number. */
export const guardLine = (n: number): string => `if (total === ${n} + 0.25) throw new Error('${n}');`;

const wrappers = (files: Files): CommitPlan[] => {
  const hops = times(30, (n) => `function hop${n}(n: number): number { return hop${n + 1}(n); }`);
  const last = 'function hop30(n: number): number { return n; }';
  return [inLoop(files, ['hop0(total);'], `\n${hops.join('\n')}\n${last}\n`)];
};

const UNDONE = ['total += 101;', 'total -= 101;'];

const USELESS = times(6, (n) => `total = Math.imul(total, ${2 * n + 3}) ^ ${n + 70};`);

const FIFTY_LINES = times(50, (n) => `total = (total + ${n + 7}) ^ ${n * 3 + 1};`);

/** Attacks whose measured shares are promised, in the order of the promise; those that hold without the gate first. */
export const ATTACKS: readonly Attack[] = [
  {
    name: 're-indenting everything',
    isJudged: false,
    commits: (files) => [by(mapFiles(files, reIndent))],
    gainPartsMax: 0,
  },
  {
    name: 'another formatter',
    isJudged: false,
    commits: (files) => [by(everywhere(files, reFormat))],
    gainPartsMax: 0,
  },
  {
    name: 'copying everything and deleting the original later',
    isJudged: false,
    commits: (files) => {
      const moved = Object.entries(moveTo('lib', files));
      const copies = moved.filter(([, text]) => text !== null);
      const removals = moved.filter(([, text]) => text === null);
      return [by(Object.fromEntries(copies)), by(Object.fromEntries(removals))];
    },
    gainPartsMax: 0,
  },
  {
    name: 'moving every file',
    isJudged: false,
    commits: (files) => [by(moveTo('lib', files))],
    gainPartsMax: 0,
  },
  {
    name: 'a hot loop of five lines',
    isJudged: false,
    commits: (files) => [
      inLoop(files, [
        'let heat = 0;',
        'for (let k = 0; k < 2000; k++) {',
        '  heat += k % 3;',
        '}',
        'total ^= heat & 0;',
      ]),
    ],
    gainPartsMax: 1.5 * PARTS_PER_PERCENT,
  },
  {
    name: 'a million calls of its own function',
    isJudged: false,
    commits: (files) => [
      inLoop(
        files,
        [],
        '\nfunction idle(n: number): number { return n & 1; }\nfor (let n = 0; n < 1_000_000; n++) idle(n);\n',
      ),
    ],
    gainPartsMax: 0.5 * PARTS_PER_PERCENT,
  },
  {
    name: 'sixty identical lines that do nothing',
    isJudged: false,
    commits: (files) => [
      inLoop(
        files,
        times(60, () => 'total = total + 0;'),
      ),
    ],
    gainPartsMax: 0.5 * PARTS_PER_PERCENT,
  },
  {
    name: 'new names of all locals',
    isJudged: false,
    commits: (files) => [by(everywhere(files, renameLocals))],
    gainPartsMax: 0,
  },
  {
    name: 'a chain of thirty wrappers, before the gate',
    isJudged: false,
    commits: wrappers,
    gainPartsMax: 1.5 * PARTS_PER_PERCENT,
  },
  {
    name: 'fifty commits where one would do',
    isJudged: false,
    commits: (files) => FIFTY_LINES.map((_, n) => inLoop(files, FIFTY_LINES.slice(0, n + 1))),
    honest: (files) => [inLoop(files, FIFTY_LINES)],
    // Remainders are divided by a hash of the input: one part may fall to either.
    gainPartsMax: 1,
  },
  {
    name: 'joining statements with commas',
    isJudged: false,
    commits: (files) => [
      by(everywhere(files, (text) => text.replace(/;\n( +)(total \^= total >>> )/g, ',\n$1$2'))),
    ],
    gainPartsMax: 0,
  },
  {
    name: 'editing the workload',
    isJudged: false,
    commits: (files) => [
      by({ 'run.ts': `${files['run.ts']}for (let n = 0; n < 1000; n++) total ^= n;\nconsole.log(total);\n` }),
    ],
    gainPartsMax: 0,
  },
  {
    name: 'commits dated before the founders’',
    isJudged: false,
    commits: (files) => {
      const stolen = Object.entries(moveTo('lib', files)).filter(([path]) => path !== 'run.ts');
      return [{ ...by(Object.fromEntries(stolen)), atSeconds: 1_000_000 }, by(moveTo('lib', files))];
    },
    gainPartsMax: 0,
  },
  {
    name: 'a back-dated branch with the founders’ code that is merged later',
    isJudged: false,
    commits: (files) => {
      const before = Object.keys(files).length;
      const branch = { ...by(moveTo('lib', files)), atSeconds: 1_000_000, parents: [0] };
      return [branch, { ...by(moveTo('lib', files)), parents: [before - 1, before] }];
    },
    gainPartsMax: 0,
  },
  {
    name: 'moving and re-formatting by two others',
    isJudged: false,
    commits: (files) => [by(moveTo('lib', files), 'Dora'), by(moveTo('lib', everywhere(files, reFormat)))],
    gainPartsMax: 0,
    isHarmless: true,
  },
  {
    name: 'sixty different guards that do nothing',
    isJudged: true,
    commits: (files) => [inLoop(files, times(60, guardLine))],
    gainPartsMax: 0,
  },
  {
    name: 'a chain of thirty wrappers',
    isJudged: true,
    commits: wrappers,
    gainPartsMax: 0,
  },
  {
    name: 'noise in hunks beside a real change',
    isJudged: true,
    commits: (files) => {
      const noisy = spread(present(files[FIRST], 'first module'), /^ {4}const mixed/, guardLine);
      return [inLoop({ ...files, [FIRST]: noisy }, [REAL_LINE])];
    },
    honest: (files) => [inLoop(files, [REAL_LINE])],
    gainPartsMax: 0,
  },
  {
    name: 'noise on the very line of a real change',
    isJudged: true,
    commits: (files) => [inLoop(files, [`${guardLine(1)} ${REAL_LINE} ${guardLine(2)}`])],
    honest: (files) => [inLoop(files, [REAL_LINE])],
    gainPartsMax: 0,
  },
  {
    name: 'two commits of which one undoes the other',
    isJudged: true,
    commits: (files) => [inLoop(files, UNDONE.slice(0, 1)), inLoop(files, UNDONE)],
    gainPartsMax: 0,
  },
  {
    name: 'a commit that makes the work of the one before useless',
    isJudged: true,
    commits: (files) => [
      inLoop(files, USELESS),
      inLoop(files, ['const kept = total;', ...USELESS, 'total = kept;']),
    ],
    gainPartsMax: 0,
  },
];
