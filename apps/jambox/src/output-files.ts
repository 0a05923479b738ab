import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeTake, encodeWav, type TakeHeader, type TakeRecord } from '@jamnet/jdat';
import { limits } from '@jamnet/toast';

/** Writes under a temporary name, syncs, renames: a reader sees the whole file or none. */
async function writeWhole(file: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  const temporary = `${file}.part`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

function* linesOf(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line}\n`;
}

export async function writeTake(
  directory: string,
  name: string,
  header: TakeHeader,
  records: Iterable<TakeRecord>,
): Promise<string> {
  const file = join(directory, `${name}.jdat`);
  await writeWhole(file, linesOf(encodeTake(header, records)));
  return file;
}

export async function writeWav(directory: string, name: string, pcm: Float32Array): Promise<string> {
  const file = join(directory, `${name}.wav`);
  await writeWhole(
    file,
    encodeWav({ sampleRateHz: limits.SAMPLE_RATE_HZ, channels: [pcm] }, { bitsPerSample: 16 }),
  );
  return file;
}
