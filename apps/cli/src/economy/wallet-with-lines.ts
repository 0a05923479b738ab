import type { Result } from '@jamnet/base';
import type { AnswerOf, Page } from '@jamnet/studio/api';
import { everyPage } from './every-page.ts';

type Head = AnswerOf<'GET /api/wallets/:payee'>;
type Line = AnswerOf<'GET /api/wallets/:payee/lines'>['lines'][number];

/** A wallet with every line of it, the newest epochs first. */
export interface WalletWithLines extends Head {
  readonly lines: readonly Line[];
}

export async function walletWithLines(
  head: () => Promise<Result<Head>>,
  page: (page: { after: string | null; limit: number }) => Promise<Result<Page<Line>>>,
): Promise<Result<WalletWithLines>> {
  const wallet = await head();
  if (!wallet.ok) return wallet;
  const lines = await everyPage(page);
  return lines.ok ? { ok: true, value: { ...wallet.value, lines: lines.value } } : lines;
}
