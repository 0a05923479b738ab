import { type Refusal, type Result, refuse } from '@jamnet/base';
import { askOnce } from '@jamnet/studio/api';
import { currentLanguage } from '../language/language.ts';
import { textNow } from '../language/text-now.ts';
import { inLanguageOf } from './refusals/in-language-of.ts';
import { orNull, readAs, record, type Shape, text } from './shape.ts';
import { apiText } from './text.ts';

/**
 * `studio-refused` where the refusal had no code of its own; else the studio's code, which its contracts list. Codes here are text: what
 * decides by one names it, and what is said by one is looked up in a closed list.
 */
export type FetchCode = 'studio-unreachable' | 'studio-refused' | 'answer-malformed' | StudioCode;
/** A code that a contract names; the brand keeps our own codes apart from it. */
type StudioCode = string & {};

interface Problem {
  readonly code: string | null;
  readonly title: string;
  readonly detail: string | null;
}

const orAbsent: Shape<string | null> = (value, path) => orNull(text)(value ?? null, path);
const problem = record<Problem>({ code: orAbsent, title: text, detail: orAbsent });

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
  return status < 400
    ? readAnswer(shape, body.json)
    : inLanguageOf(currentLanguage(), explainProblem(status, body.json));
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

/** Code and sentence of a problem+json body (RFC 9457), or the bare status when the body is none. */
export function explainProblem(status: number, body: unknown): Refusal<FetchCode> {
  const read = readAs(problem, body);
  const sentence = read.ok ? (read.value.detail ?? read.value.title) : textNow(apiText).status(status);
  return refuse((read.ok ? read.value.code : null) ?? 'studio-refused', sentence);
}
