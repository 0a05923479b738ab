import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Writes a slot's program, the module ENTRY, as plain JavaScript into the directory given: ENTRY and every module it imports, types
 * stripped, names numbered. A slot then reads nothing but that directory, and does without Node's type stripper, which
 * would cost each slot about 20 MB.
 */
const [target, entry] = process.argv.slice(2);
if (target === undefined || entry === undefined) throw new Error('usage: image-main.ts DIRECTORY ENTRY');

const names = new Map<string, string>([[entry, 'slot.mjs']]);
const SPECIFIER = /\bfrom\s+'([^']+)'/g;

for (const [file, name] of names) {
  // Iteration over a Map reaches what is added during it.
  const code = stripTypeScriptTypes(readFileSync(file, 'utf8'));
  const linked = code.replace(SPECIFIER, (text, specifier: string) =>
    specifier.startsWith('node:') ? text : `from './${nameOf(resolve(file, specifier))}'`,
  );
  writeFileSync(join(target, name), linked);
}

function resolve(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(importer), specifier);
  return fileURLToPath(import.meta.resolve(specifier, pathToFileURL(importer).href));
}

function nameOf(file: string): string {
  const known = names.get(file);
  if (known) return known;
  const name = `${names.size}.mjs`;
  names.set(file, name);
  return name;
}
