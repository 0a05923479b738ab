import type { Result } from '@jamnet/base';
import { APIError } from 'better-auth/api';

/** A refusal as better-auth throws them. */
export function apiError(code: string, message: string): APIError {
  return new APIError('UNPROCESSABLE_ENTITY', { code, message });
}

export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw apiError(result.code, result.message);
  return result.value;
}
