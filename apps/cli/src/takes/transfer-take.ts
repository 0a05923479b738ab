import { createHash } from 'node:crypto';
import {
  closeSync,
  createWriteStream,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileChunks } from '@jamnet/jambox/takes';
import { CommandError, EXIT } from '../exit-codes.ts';
import { fileFault } from './file-fault.ts';
import { readTake } from './take-summary.ts';

/** Pieces of an upload; the studio takes up to 1 MiB at once. */
const CHUNK_BYTES = 1 << 20;

export interface StudioPlace {
  readonly url: string;
  /** The operator's token: takes are private. */
  readonly token: string;
}

/** A studio by its URL, or the one that runs on the data directory; the token lies in the data directory either way. */
export function studioPlace(
  dataDirectory: string,
  url: string | undefined,
  tokenFile: string | undefined,
): StudioPlace {
  const addressFile = join(dataDirectory, 'studio.url');
  const secretFile = tokenFile ?? join(dataDirectory, 'operator.token');
  if (url === undefined && !existsSync(addressFile))
    throw new CommandError(
      'studio-unreachable',
      `No studio runs on ${dataDirectory}: start it, or name one with --studio.`,
      EXIT.failed,
    );
  if (!existsSync(secretFile))
    throw new CommandError(
      'token-missing',
      `There is no operator token in ${secretFile}: give --data or --token-file.`,
      EXIT.usage,
    );
  return {
    url: url ?? readFileSync(addressFile, 'utf8').trim(),
    token: readFileSync(secretFile, 'utf8').trim(),
  };
}

async function ask(
  place: StudioPlace,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = {
    authorization: `Bearer ${place.token}`,
    ...(init.headers as Record<string, string> | undefined),
  };
  const answer = await fetch(new URL(path, place.url), { ...init, method, headers }).catch(() => null);
  if (answer === null)
    throw new CommandError('studio-unreachable', `The studio at ${place.url} does not answer.`, EXIT.failed);
  return answer;
}

async function orProblem(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  throw new CommandError(
    String(problem.code ?? 'studio-failed'),
    String(problem.detail ?? `The studio answered ${answer.status}.`),
    EXIT.refused,
  );
}

export interface Uploaded {
  readonly id: string;
  readonly bytes: number;
  readonly chunks: number;
  /** Chunks that were not there yet. */
  readonly sentChunks: number;
}

/** What the studio would refuse at the end is refused before the first byte is sent. */
function requireUploadable(file: string): void {
  const { state } = readTake(file, false);
  if (!state.isEnded)
    throw new CommandError(
      'take-not-closed',
      `${file} was cut off: close it with "jamnet take recover ${file}", and nothing of it is lost.`,
      EXIT.refused,
    );
  const without = state.tracks.find(({ track }) => !track.consent.record);
  if (without !== undefined)
    throw new CommandError(
      'take-consent-missing',
      `${without.track.from} has not agreed to be recorded, so no archive may keep ${file}. Nothing was sent.`,
      EXIT.refused,
    );
}

/** Sends what the studio does not have yet, then the list that makes it a take. May be killed and begun again at any time. */
export async function uploadTake(
  place: StudioPlace,
  file: string,
  onProgress: (share: number) => void,
): Promise<Uploaded> {
  requireUploadable(file);
  const bytes = statSync(file).size;
  const sum = createHash('sha256');
  const chunks: string[] = [];
  for (const { piece, sha256 } of piecesOf(file, bytes)) {
    sum.update(piece);
    chunks.push(sha256);
  }
  const id = sum.digest('hex');
  let sentChunks = 0;
  // A take that is there already needs nothing but its name.
  if ((await complete(place, id, chunks)) === 'chunks-missing') {
    let seen = 0;
    for (const { piece, sha256 } of piecesOf(file, bytes)) {
      if (await putChunk(place, sha256, piece)) sentChunks++;
      onProgress(++seen / chunks.length);
    }
    if ((await complete(place, id, chunks)) !== 'filed')
      throw new CommandError('chunks-missing', 'The studio lost chunks meanwhile: try again.', EXIT.failed);
  }
  return { id, bytes, chunks: chunks.length, sentChunks };
}

function* piecesOf(file: string, bytes: number): Iterable<{ piece: Uint8Array; sha256: string }> {
  const handle = openSync(file, 'r');
  try {
    for (let at = 0; at < bytes; at += CHUNK_BYTES) {
      const piece = new Uint8Array(Math.min(CHUNK_BYTES, bytes - at));
      readSync(handle, piece, 0, piece.length, at);
      yield { piece, sha256: createHash('sha256').update(piece).digest('hex') };
    }
  } finally {
    closeSync(handle);
  }
}

/** True when it had to be sent. */
async function putChunk(place: StudioPlace, sha256: string, piece: Uint8Array): Promise<boolean> {
  const path = `/api/archive/chunks/${sha256}`;
  const known = await ask(place, 'HEAD', path);
  if (known.ok) return false;
  const headers = { 'content-type': 'application/octet-stream' };
  await orProblem(await ask(place, 'PUT', path, { body: piece as Uint8Array<ArrayBuffer>, headers }));
  return true;
}

async function complete(
  place: StudioPlace,
  id: string,
  chunks: readonly string[],
): Promise<'filed' | 'chunks-missing'> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ chunks });
  const answer = await ask(place, 'PUT', `/api/archive/takes/${id}`, { body, headers });
  if (answer.ok) return 'filed';
  const problem = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as { code?: unknown };
  if (problem.code === 'chunks-missing') return 'chunks-missing';
  await orProblem(answer);
  return 'filed';
}

/** Fetches a take, going on where an earlier try broke off, and checks that it is the one asked for. */
export async function downloadTake(
  place: StudioPlace,
  id: string,
  out: string,
): Promise<{ readonly bytes: number }> {
  if (!/^[0-9a-f]{64}$/.test(id))
    throw new CommandError(
      'take-id-malformed',
      `"${id}" is no hash of a take: it has 64 digits of 0 to 9 and a to f, as "jamnet take upload" printed it.`,
      EXIT.usage,
    );
  if (!existsSync(dirname(out)))
    throw fileFault(out, 'be begun', Object.assign(new Error(), { code: 'ENOENT' }));
  const part = `${out}.part`;
  const from = existsSync(part) ? statSync(part).size : 0;
  const answer = await ask(
    place,
    'GET',
    `/api/archive/takes/${id}`,
    from > 0 ? { headers: { range: `bytes=${from}-` } } : {},
  );
  // All of it may have come before: then there is no rest to ask for.
  if (!(from > 0 && answer.status === 416)) {
    await orProblem(answer);
    const flags = answer.status === 206 ? 'a' : 'w';
    if (answer.body !== null)
      await pipeline(
        Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]),
        createWriteStream(part, { flags }),
      );
  }
  const sum = createHash('sha256');
  for (const piece of fileChunks(part)) sum.update(piece);
  if (sum.digest('hex') !== id) {
    rmSync(part);
    throw new CommandError(
      'take-bytes-differ',
      'What came is not the take that was asked for: try again.',
      EXIT.failed,
    );
  }
  renameSync(part, out);
  return { bytes: statSync(out).size };
}
