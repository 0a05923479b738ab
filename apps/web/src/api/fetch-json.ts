import { type Refusal, type Result, refuse } from '@jamnet/base';
import { textNow } from '../language/text-now.ts';
import { orNull, readAs, record, type Shape, text } from './shape.ts';
import { apiText } from './text.ts';

export type FetchCode = 'studio-unreachable' | 'studio-refused' | 'answer-malformed';

interface Problem {
  readonly title: string;
  readonly detail: string | null;
}

const problem = record<Problem>({
  title: text,
  detail: (value, path) => orNull(text)(value ?? null, path),
});

/** Asks the studio for JSON. Never throws: a dead line, a refusal and a strange answer all come back as a refusal. */
export async function fetchJson<T>(
  path: string,
  shape: Shape<T>,
  init: RequestInit = {},
): Promise<Result<T, FetchCode>> {
  let response: Response;
  let body: unknown;
  try {
    const headers = new Headers(init.headers);
    headers.set('accept', 'application/json, application/problem+json');
    response = await fetch(path, { ...init, headers });
    body = await response.json();
  } catch {
    return refuse('studio-unreachable', textNow(apiText).unreachable);
  }
  return response.ok ? readAnswer(shape, body) : explainProblem(response.status, body);
}

export function readAnswer<T>(shape: Shape<T>, body: unknown): Result<T, FetchCode> {
  const read = readAs(shape, body);
  return read.ok ? read : refuse('answer-malformed', textNow(apiText).malformed(read.message));
}

/** The sentence of a problem+json body (RFC 9457), or the bare status when the body is none. */
export function explainProblem(status: number, body: unknown): Refusal<FetchCode> {
  const read = readAs(problem, body);
  const sentence = read.ok ? (read.value.detail ?? read.value.title) : textNow(apiText).status(status);
  return refuse('studio-refused', sentence);
}
