import { ok, type Result, refuse } from '@jamnet/base';
import type { Economy, LinePlace } from '@jamnet/economy';
import type { LabelBook } from '../composition/label-book.ts';
import { type Page, type PageRequest, pageOf } from '../paging/page.ts';
import { type LineAnswer, lineAnswer, type WalletAnswer, walletAnswer } from './wallet-answer.ts';

export interface WalletDeskParts {
  readonly economy: Economy;
  readonly labels: LabelBook;
  readonly nowUs: () => bigint;
}

/** What payees hold, and why. */
export interface WalletDesk {
  show(payee: string): Promise<Result<WalletAnswer, 'payee-unknown'>>;
  /** Why it is so much: all that closed epochs paid, the newest first. */
  lines(
    payee: string,
    page: PageRequest,
  ): Promise<Result<Page<LineAnswer>, 'payee-unknown' | 'cursor-malformed'>>;
}

export function walletDesk({ economy, labels, nowUs }: WalletDeskParts): WalletDesk {
  return {
    async show(payee) {
      const wallet = await economy.walletHead(nowUs(), payee);
      if (wallet.earned.length === 0) return unknown(payee);
      return ok(walletAnswer(wallet, labels.labelOf(payee)));
    },
    async lines(payee, { after, limit }) {
      const place = after === null ? null : placeOf(after);
      // Behind an epoch that never was there is nothing, and nobody would be told that they asked for the wrong thing.
      if (after !== null && (place === null || (await economy.epoch(place.epochId)) === null))
        return refuse('cursor-malformed', 'This is not where a page ended: give back its “next”.');
      const found = await economy.walletLines(payee, { after: place, limit: limit + 1 });
      // Who was paid cash alone has a wallet and no lines.
      if (
        found.length === 0 &&
        after === null &&
        (await economy.walletHead(nowUs(), payee)).earned.length === 0
      )
        return unknown(payee);
      const { rows, next } = pageOf(found, limit, ({ number, epochId }) => `${number}.${epochId}`);
      return ok({ rows: rows.map(lineAnswer), next });
    },
  };
}

/** A line's number in its epoch, a point, the epoch. */
function placeOf(cursor: string): LinePlace | null {
  const [, number, epochId] = /^(\d{1,9})\.(.{1,256})$/s.exec(cursor) ?? [];
  return number === undefined || epochId === undefined ? null : { number: Number(number), epochId };
}

function unknown(payee: string) {
  return refuse('payee-unknown', `Nobody has earned under ${payee} yet.`);
}
