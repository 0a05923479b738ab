import { type Chance, present, seededChance } from '@jamnet/base';
import type { Workload } from '../use/workload.ts';
import type { CommitPlan } from './make-repository.ts';

/** Authors of the program that the attack suite robs. */
export const FOUNDERS = ['Ada', 'Bela', 'Cleo'] as const;

export const WORKLOAD: Workload = { command: ['node', 'run.ts'], inputs: ['run.ts'], timeLimitSeconds: 60 };

const VERBS = ['mix', 'fold', 'spread', 'gather', 'turn', 'shift', 'carry', 'weigh'];

/**
 * A program of `moduleCount` files with eight functions of about a dozen statements each, every one of which changes the
 * number that `run.ts` prints. Drawn from a fixed seed.
 */
export function foundersFiles(moduleCount: number): Record<string, string> {
  const chance = seededChance('founders');
  const files: Record<string, string> = {};
  for (let module = 0; module < moduleCount; module++)
    files[`src/stage-${module}.ts`] = moduleText(module, chance);
  const imports = range(moduleCount).map((m) => `import { stage${m} } from './src/stage-${m}.ts';`);
  const calls = range(moduleCount).map((m) => `  total = stage${m}(total);`);
  files['run.ts'] = [
    ...imports,
    'let total = 1;',
    'for (let round = 0; round < 20; round++) {',
    ...calls,
    '}',
    'console.log(total);',
    '',
  ].join('\n');
  return files;
}

/** The program as its founders committed it, one commit a module, by turns. */
export function foundersHistory(moduleCount: number): CommitPlan[] {
  const files = Object.entries(foundersFiles(moduleCount));
  return files.map(([path, text], index) => ({
    author: present(FOUNDERS[index % FOUNDERS.length], 'founder'),
    files: { [path]: text },
  }));
}

function moduleText(module: number, chance: Chance): string {
  const functions = range(8).map((index) => millFunction(`${VERBS[index]}${module}`, chance));
  const calls = range(8).map((index) => `  value = ${VERBS[index]}${module}(value, ${chance.below(9) + 3});`);
  return [
    `// Stage ${module} of the mill.`,
    ...functions,
    `export function stage${module}(input: number): number {`,
    '  let value = input;',
    ...calls,
    '  return value;',
    '}',
    '',
  ].join('\n');
}

/** One function of about a dozen statements, all of which its answer depends on. */
export function millFunction(name: string, chance: Chance): string {
  const number = (): number => chance.below(100_000) + 2;
  return [
    `function ${name}(input: number, times: number): number {`,
    `  let total = input ^ ${number()};`,
    `  for (let i = 0; i < times + ${chance.below(4) + 1}; i++) {`,
    `    const mixed = Math.imul(total + i, ${number()}) >>> ${chance.below(5) + 1};`,
    `    if (mixed % ${chance.below(5) + 2} === 0) {`,
    `      total = (total + mixed * ${chance.below(90) + 2}) | 0;`,
    `      total ^= total >>> ${chance.below(12) + 3};`,
    '    } else {',
    `      total = Math.imul(total ^ mixed, ${number()});`,
    '    }',
    `    total = (total << ${chance.below(7) + 1}) | (total >>> ${chance.below(9) + 16});`,
    `    total += [${number()}, ${number()}, ${number()}][i % 3] ?? ${number()};`,
    '  }',
    `  const label = '${name}' + total.toString(${chance.below(30) + 5});`,
    `  return (total ^ label.length * ${number()}) | 0;`,
    '}',
  ].join('\n');
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
