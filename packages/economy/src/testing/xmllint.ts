import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Schemas and bank samples that are kept beside the repository and are not part of it. */
const SCHEMAS = fileURLToPath(new URL('../../../../../shared/schemas', import.meta.url));

export function schemaPath(name: string): string {
  return join(SCHEMAS, name);
}

export const haveSchemas: boolean = existsSync(SCHEMAS);
/** Of Debian's libxml2-utils; no package of npm. */
const XMLLINT = 'xmllint';
export const haveXmllint: boolean = runs(XMLLINT, ['--version']);

function runs(command: string, options: readonly string[]): boolean {
  try {
    execFileSync(command, [...options], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What xmllint says of a document: an empty text when it is valid. */
export function xmllint(schema: string, xml: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-xmllint-'));
  const file = join(folder, 'document.xml');
  try {
    writeFileSync(file, xml);
    execFileSync(XMLLINT, ['--noout', '--nonet', '--schema', schemaPath(schema), file], { stdio: 'pipe' });
    return '';
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    return said.slice(0, 2_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
