import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importedModules } from './imported-modules.ts';

const HERE = import.meta.dirname;

/** What a model's result and its refusals depend on. */
const MODEL_RUNNER = [
  'model-kernel.ts',
  'operators.ts',
  'plan-model.ts',
  'protobuf.ts',
  'read-attributes.ts',
  'read-message.ts',
  'read-model.ts',
  'read-tensor.ts',
  'run-model.ts',
  'tensor-bytes.ts',
];

/** Directory of a package's entry module. */
function sourcesOf(packageName: string): string {
  return dirname(fileURLToPath(import.meta.resolve(packageName)));
}

/** A package's entry module and the modules of the package that it needs. */
const entryOf = (entry: string): string[] => importedModules(fileURLToPath(import.meta.resolve(entry)));

/** What each kind's result depends on: single files, an entry and what it imports, or all modules of a directory and its folders. */
const SOURCES: Readonly<Record<string, () => string[]>> = {
  'take.repair': () => [join(HERE, 'repair.ts'), ...modulesIn(sourcesOf('@jamnet/pnbtr'))],
  'take.fingerprint': () => [join(HERE, 'fingerprint.ts'), join(HERE, 'spectrum.ts')],
  'groove.train-step': () => [join(HERE, 'train-step.ts'), ...entryOf('@jamnet/groove/slot')],
  'pnbtr.train-step': () => [
    join(HERE, 'pnbtr-train-step.ts'),
    join(sourcesOf('@jamnet/groove'), 'training/adam.ts'),
    ...modulesIn(sourcesOf('@jamnet/pnbtr')),
  ],
  'bench.ringer': () => [join(HERE, 'ringer.ts')],
  'bench.wave': () => [join(HERE, 'wave.ts')],
  'groove.forecast': () => entryOf('@jamnet/groove/forecasting'),
  onnx: () => MODEL_RUNNER.map((name) => join(HERE, '../onnx', name)),
};

/** All modules below a directory, in the same order on every system. */
function modulesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.includes('.bench.'))
    .sort()
    .map((name) => join(directory, name));
}

/**
 * SHA-256 (hex) of a kernel's source: its files as listed above, each as name, length and bytes. Host and studio
 * compute it over their own copies; where they differ, the host does not run the kind.
 */
export function kernelSha256(kind: string): string {
  const files = SOURCES[kind]?.() ?? [];
  const hash = createHash('sha256').update(`jamnet/mesh/kernel/v1\0${kind}\0`);
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${basename(file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
