import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
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
const directory = target;

/** What a module reads beside itself, by names of its own. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-web': ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'],
};
/** Native code: a slot may not load it, and none of its programs asks for it. */
const ABSENT: ReadonlySet<string> = new Set(['onnxruntime-node']);

const names = new Map<string, string>([[entry, 'slot.mjs']]);
const SPECIFIER = /\b(from\s*|import\(\s*)(['"])([^'"]+)\2/g;

for (const [file, name] of names) {
  // Iteration over a Map reaches what is added during it.
  const source = readFileSync(file, 'utf8');
  const code = file.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const linked = code.replace(SPECIFIER, (text, before: string, _quote, specifier: string) =>
    isOutside(specifier) ? text : `${before}'./${nameOf(resolve(file, specifier))}'`,
  );
  writeFileSync(join(directory, name), linked);
}

/** Node's own modules, also by their short names, and what is left out. */
function isOutside(specifier: string): boolean {
  return specifier.startsWith('node:') || specifier === 'module' || ABSENT.has(specifier);
}

function resolve(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(importer), specifier);
  const file = fileURLToPath(import.meta.resolve(specifier, pathToFileURL(importer).href));
  for (const name of COMPANIONS[specifier] ?? [])
    copyFileSync(join(dirname(file), name), join(directory, name));
  return file;
}

function nameOf(file: string): string {
  const known = names.get(file);
  if (known) return known;
  const name = `${names.size}.mjs`;
  names.set(file, name);
  return name;
}
