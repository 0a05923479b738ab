import type { Static } from 'typebox';
import type { PageRequest } from '../paging/page.ts';
import type { PageQuery } from './contracts/pages.ts';

/** Which part of a list a query asks for. */
export function pageRequestOf({ after, limit }: Static<typeof PageQuery>): PageRequest {
  return { after: after ?? null, limit };
}
