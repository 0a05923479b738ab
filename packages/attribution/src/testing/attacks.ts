import { present } from '@jamnet/base';
import ts from 'typescript-5';

type Files = Record<string, string>;

export function mapFiles(files: Readonly<Files>, change: (text: string, path: string) => string): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text, path)]));
}

export function reIndent(text: string): string {
  return text.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length));
}

/** Another formatter: other quotes, line ends, braces, parentheses, no comments, layout of the compiler's printer. */
export function reFormat(text: string): string {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const printed = ts.createPrinter({ removeComments: true }).printFile(source);
  return printed
    .replace(/'([^'"\n]*)'/g, '"$1"')
    .replace(/return (.*);$/gm, 'return ($1);')
    .replace(/;$/gm, ' ;')
    .replace(/\n/g, '\r\n\r\n');
}

/** All locals of all functions get new names. */
export function renameLocals(text: string): string {
  return text.replace(/\b(input|times|total|mixed|label|value|i)\b(?!')/g, 'attacker_$1');
}

/** Inserts lines at the beginning of the loop of the first function whose name starts with `verb`. */
export function insertInLoop(text: string, lines: readonly string[]): string {
  const at = present(/ {4}const mixed/.exec(text), 'a loop').index;
  return `${text.slice(0, at)}${lines.map((line) => `    ${line}\n`).join('')}${text.slice(at)}`;
}

/** Files under another folder, with the runner's imports led there. */
export function moveTo(folder: string, files: Readonly<Files>): Record<string, string | null> {
  const moved: Record<string, string | null> = {};
  for (const [path, text] of Object.entries(files)) {
    if (path === 'run.ts') continue;
    moved[path] = null;
    moved[path.replace(/^src/, folder)] = text;
  }
  moved['run.ts'] = present(files['run.ts'], 'run.ts').replaceAll('./src/', `./${folder}/`);
  return moved;
}
