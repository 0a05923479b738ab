import { AssertionError } from '@jamnet/base';

/**
 * Failures of one loop that nobody awaits. Each is told once until the loop works again, for it tries several times a
 * second; a broken invariant is thrown on: what it leaves behind is not to be worked with.
 */
export class BackgroundFailures {
  readonly #tell: (error: unknown) => void;
  #told: string | null = null;

  constructor(tell: (error: unknown) => void) {
    this.#tell = tell;
  }

  failed(error: unknown): void {
    if (error instanceof AssertionError) throw error;
    const text = String(error);
    if (text === this.#told) return;
    this.#told = text;
    this.#tell(error);
  }

  worked(): void {
    this.#told = null;
  }
}
