import { type Refusal, type Result, refuse } from '@jamnet/base';
import { askOnce } from '@jamnet/studio/api';
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

/**
 * Asks the studio for JSON. Never throws: a dead line, a refusal and a strange answer all come back as a refusal. With a `key`
 * (Idempotency-Key, where the route takes one) it is done once, however often it has to be sent.
 */
export async function fetchJson<T>(
  path: string,
  shape: Shape<T>,
  init: RequestInit = {},
  key: string | null = null,
): Promise<Result<T, FetchCode>> {
  const headers = new Headers(init.headers);
  headers.set('accept', 'application/json, application/problem+json');
  const answer = await askOnce(SHELL, path, { ...init, headers: Object.fromEntries(headers) }, key);
  const body = answer && jsonOf(answer.text);
  if (answer === null || body === null) return refuse('studio-unreachable', textNow(apiText).unreachable);
  const { status } = answer;
  return status < 400 ? readAnswer(shape, body.json) : explainProblem(status, body.json);
}

const SHELL = {
  fetch: (path: string, init: RequestInit) => fetch(path, init),
  wait: (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs)),
};

function jsonOf(text: string): { readonly json: unknown } | null {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return null;
  }
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
