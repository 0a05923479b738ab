/** An operation that could not be carried out (disk, network, a child process): has a `code` to match on. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
