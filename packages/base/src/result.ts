/** Outcome of a decision on input from outside: a value, or a code of a closed list with a sentence. */
export type Result<T, Code extends string = string> = Ok<T> | Refusal<Code>;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** `message` tells a person what is wrong and what to do; programs match on `code` only. */
export interface Refusal<Code extends string = string> {
  readonly ok: false;
  readonly code: Code;
  readonly message: string;
}

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function refuse<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { ok: false, code, message };
}
