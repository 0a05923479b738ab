import { ok, type Result } from '@jamnet/base';
import type { Page } from '../paging/page.ts';

/** A page as lists answer it: its rows under the list's name, and `next`. */
export function named<Name extends string, T, Code extends string>(
  name: Name,
  page: Result<Page<T>, Code>,
): Result<Record<Name, readonly T[]> & { readonly next: string | null }, Code> {
  if (!page.ok) return page;
  const { rows, next } = page.value;
  // One key, which is the name.
  return ok({ ...({ [name]: rows } as Record<Name, readonly T[]>), next });
}
