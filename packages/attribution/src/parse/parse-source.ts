import type { Dialect, Statement } from '../core/statement.ts';
import { parseStatements } from './statements.ts';

export type UnparsedReason = 'binary' | 'unparsable';

/** Statements of a source file's bytes. What is no UTF-8 decodes as Node decodes it, so places agree with the counts. */
export function parseSource(bytes: Uint8Array, dialect: Dialect): Statement[] | UnparsedReason {
  if (bytes.includes(0)) return 'binary';
  try {
    return parseStatements(new TextDecoder().decode(bytes), dialect);
  } catch (error) {
    // Nesting deeper than the parser's stack, the one way a text can defeat it.
    if (error instanceof RangeError) return 'unparsable';
    throw error;
  }
}
