import { bigintAsText, ok, type Result, refuse, toBase64 } from '@jamnet/base';
import { cutoffOf, type Economy, type LiquidityEvent } from '@jamnet/economy';
import type { LabelBook } from '../composition/label-book.ts';

export interface RedemptionParts {
  readonly economy: Economy;
  readonly labels: LabelBook;
  readonly nowUs: () => bigint;
  readonly publishBooks: () => Promise<void>;
  /** A leaf's place and inclusion proof with the checkpoint it leads to, as one text (C2SP tlog-proof). */
  readonly receiptOf: (leaf: bigint) => Promise<Result<Uint8Array>>;
  /** In words, why contributions have the merit they have; those that need no words are left out. */
  readonly reasonsOf: (contributions: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** Redemptions, what a wallet is made of, sales and listings. Answers are plain JSON: amounts as decimal text. */
export interface RedemptionDesk {
  list(payee?: string): Promise<Result<unknown>>;
  /** A payee's own, with the cut-off of the next and the money that waits to be paid out. */
  own(payee: string): Promise<Result<unknown>>;
  cancel(request: { id: string; payee: string }): Promise<Result<unknown>>;
  run(): Promise<Result<unknown>>;
  /** Each line of a wallet with its row, rule, evidence and receipts, and the proofs of the leaves that paid it. Its owner's. */
  explain(payee: string): Promise<Result<unknown>>;
  announceLiquidity(event: LiquidityEvent): Promise<Result<unknown>>;
  convertLiquidity(id: string): Promise<Result<unknown>>;
}

export function redemptionDesk(parts: RedemptionParts): RedemptionDesk {
  const { economy, nowUs } = parts;
  const published = async (answer: Result<unknown>): Promise<Result<unknown>> => {
    if (answer.ok) await parts.publishBooks();
    return plain(answer);
  };
  return {
    list: async (payee) => plain(ok(await economy.redemptions(nowUs(), payee))),
    async own(payee) {
      const published = await economy.policy();
      return plain(
        ok({
          redemptions: await economy.redemptions(nowUs(), payee),
          cutoffUs: published && cutoffOf(published.policy.sample, nowUs()),
          payableCents: await economy.payableCents(payee),
        }),
      );
    },
    cancel: async (request) => published(await economy.cancelRedemption(nowUs(), request)),
    run: async () => published(await economy.processRedemptions(nowUs())),
    explain: (payee) => explain(parts, payee),
    announceLiquidity: async (event) => published(await economy.announceLiquidity(nowUs(), event)),
    convertLiquidity: async (id) => published(await economy.convertLiquidity(nowUs(), id)),
  };
}

async function explain(
  { economy, labels, nowUs, receiptOf, reasonsOf }: RedemptionParts,
  payee: string,
): Promise<Result<unknown>> {
  const wallet = await economy.wallet(nowUs(), payee);
  if (wallet.earned.length === 0) return refuse('payee-unknown', `Nobody has earned under ${payee} yet.`);
  const reasons = await reasonsOf([...new Set(wallet.lines.map(({ contribution }) => contribution))]);
  const epochs = [];
  for (const earned of wallet.earned) {
    epochs.push({
      ...earned,
      unitsProof: await proofOf(receiptOf, earned.unitsLeaf),
      cashProof: await proofOf(receiptOf, earned.cashLeaf),
      lines: wallet.lines
        .filter((line) => line.epochId === earned.epochId)
        .map((line) => ({ ...line, reason: reasons.get(line.contribution) ?? null })),
    });
  }
  return plain(ok({ payee, label: labels.labelOf(payee), epochs }));
}

/** `null` for a leaf that is not there, or not published yet. */
async function proofOf(receiptOf: RedemptionParts['receiptOf'], leaf: bigint | null): Promise<string | null> {
  if (leaf === null) return null;
  const receipt = await receiptOf(leaf);
  return receipt.ok ? toBase64(receipt.value) : null;
}

function plain(answer: Result<unknown>): Result<unknown> {
  return answer.ok ? ok(JSON.parse(JSON.stringify(answer.value, bigintAsText))) : answer;
}
