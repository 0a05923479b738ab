/** Exit codes of the `jamnet` command; the README lists them. */
export const EXIT = {
  ok: 0,
  /** Something that should work did not (disk, network, a child process). */
  failed: 1,
  /** The command line or a file given to it is wrong. */
  usage: 2,
  /** The studio, the ledger or the auditor says no: the books are as before. */
  refused: 3,
  /** Ctrl+C, as shells have it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a code and a sentence; thrown by commands, printed once by main. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, exitCode: ExitCode) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
