import { CPP } from './cpp.ts';
import { GO } from './go.ts';
import { JAVA } from './java.ts';
import type { LanguageRules } from './language-rules.ts';
import { PYTHON } from './python.ts';
import { RUST } from './rust.ts';

/** Rules of each language that tree-sitter parses here. */
export const LANGUAGES = {
  cpp: CPP,
  go: GO,
  java: JAVA,
  python: PYTHON,
  rust: RUST,
} as const satisfies Record<string, LanguageRules>;
