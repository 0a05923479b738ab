/** What a simulation found: a promise of the composition that did not hold. */
export class ScaleBroken extends Error {
  override readonly name = 'ScaleBroken';
  /** Which checker found it. */
  readonly checker: string;

  constructor(checker: string, message: string, options?: { cause?: unknown }) {
    super(`${checker}: ${message}`, options);
    this.checker = checker;
  }
}

/** Throws {@link ScaleBroken} unless the promise holds. */
export function hold(checker: string, promise: boolean, broken: () => string): asserts promise {
  if (!promise) throw new ScaleBroken(checker, broken());
}
