import { type Chance, present, seededChance } from '@jamnet/base';
import { millFunction } from '../testing/founders-program.ts';
import type { CommitPlan } from '../testing/make-repository.ts';

export interface SyntheticSize {
  /** Commits in all, the first ones of which bring a module each. */
  readonly commits: number;
  readonly modules: number;
  /** Functions a module starts with, about a dozen statements each. */
  readonly functionsPerModule: number;
  readonly authors: number;
}

/** More commits and statements than the promise asks for (1,000 and 4,000), in files of the length real ones have. */
export const PROMISED_SIZE: SyntheticSize = {
  commits: 1200,
  modules: 24,
  functionsPerModule: 20,
  authors: 25,
};

/** Of a hundred later commits so many add a function, replace one, move a whole file, only re-indent one. */
const HABITS = { add: 10, move: 3, indent: 7 } as const;

/**
 * A made-up history: modules arrive one commit each, then authors by turns rewrite, add, move and re-indent. The same seed
 * gives the same commits, byte for byte.
 */
export function syntheticHistory(size: SyntheticSize, seed: string): CommitPlan[] {
  const chance = seededChance(`synthetic-history ${seed}`);
  const mill = new Mill(size, chance);
  return Array.from({ length: size.commits }, (_, index) => ({
    author: `Author ${index < size.modules ? index % size.authors : chance.below(size.authors)}`,
    files: index < size.modules ? mill.found(index) : mill.change(),
  }));
}

interface Module {
  path: string;
  functions: string[];
  isTabbed: boolean;
}

class Mill {
  readonly #size: SyntheticSize;
  readonly #chance: Chance;
  readonly #modules: Module[] = [];
  #made = 0;

  constructor(size: SyntheticSize, chance: Chance) {
    this.#size = size;
    this.#chance = chance;
  }

  found(index: number): CommitPlan['files'] {
    const functions = Array.from({ length: this.#size.functionsPerModule }, () => this.#newFunction());
    const module = { path: `src/part-${index % 5}/stage-${index}.ts`, functions, isTabbed: false };
    this.#modules.push(module);
    return { [module.path]: textOf(module) };
  }

  change(): CommitPlan['files'] {
    const module = present(this.#modules[this.#chance.below(this.#modules.length)], 'module');
    const habit = this.#chance.below(100);
    if (habit < HABITS.add) module.functions.push(this.#newFunction());
    else if (habit < HABITS.add + HABITS.move) return this.#move(module);
    else if (habit < HABITS.add + HABITS.move + HABITS.indent) module.isTabbed = !module.isTabbed;
    else module.functions[this.#chance.below(module.functions.length)] = this.#newFunction();
    return { [module.path]: textOf(module) };
  }

  #move(module: Module): CommitPlan['files'] {
    const from = module.path;
    module.path = from.replace(/part-\d+\//, `part-${this.#made++}/`);
    return { [from]: null, [module.path]: textOf(module) };
  }

  #newFunction(): string {
    return millFunction(`mill${this.#made++}`, this.#chance);
  }
}

function textOf(module: Module): string {
  const text = module.functions.map((one) => `export ${one}\n`).join('\n');
  return module.isTabbed ? text.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 2)) : text;
}
