import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { KEY_CODES, takesKey } from '../idempotency/takes-key.ts';
import type { Answered } from './answer-channel.ts';
import { COMMON_CODES, DOOR_CODES } from './codes.ts';

/** What is wrong with an answer by its route's contract; null when it is as promised. */
export function brokenPromise({ route, contract, status, mediaType, payload }: Answered): string | null {
  const at = `${route} answers ${status}`;
  if (status >= 500 && status !== 503) return null;
  if (mediaType === 'application/problem+json') {
    const { code } = JSON.parse(String(payload)) as { code: string };
    const [method = ''] = route.split(' ');
    const ofKeys = takesKey(method, contract) ? KEY_CODES : [];
    const promised = [...COMMON_CODES, ...DOOR_CODES[contract.letsIn], ...ofKeys, ...(contract.codes ?? [])];
    return promised.includes(code) ? null : `${at} with the code ${code}, which it does not name`;
  }
  if (status >= 400 && mediaType !== 'text/html' && payload !== undefined && payload !== '')
    return `${at} with ${mediaType || 'no type'} instead of a problem`;
  if (status >= 300 || contract.answer === undefined || mediaType !== 'application/json') return null;
  return mismatch(at, closed(contract.answer), JSON.parse(String(payload)));
}

function mismatch(at: string, schema: TSchema, value: unknown): string | null {
  if (Check(schema, value)) return null;
  const [first] = Errors(schema, value);
  return `${at}: ${first?.instancePath || 'it'} ${first?.message ?? 'does not fit'}: ${JSON.stringify(value).slice(0, 300)}`;
}

/** The same shape without room for members that it does not name: what is answered is written down. */
function closed(schema: TSchema): TSchema {
  return closedJson(JSON.parse(JSON.stringify(schema))) as TSchema;
}

function closedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closedJson);
  if (typeof value !== 'object' || value === null) return value;
  const walked = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closedJson(each)]));
  const isShape = walked.type === 'object' && walked.properties !== undefined;
  return isShape && walked.additionalProperties === undefined
    ? { ...walked, additionalProperties: false }
    : walked;
}
