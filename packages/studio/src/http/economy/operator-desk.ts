import { bigintAsText, ok, type Result, refuse } from '@jamnet/base';
import { type Economy, type IncomingReceipt, monthOf } from '@jamnet/economy';
import { type PageRequest, pageOf } from '../../paging/page.ts';
import { rowCursor, rowsAfter } from '../../paging/row-cursor.ts';
import type {
  ClaimBody,
  OrderBody,
  OrderRefundBody,
  RateBody,
  ReceiptsBody,
  SeatBody,
  SessionBody,
  ValuationBody,
} from './bodies.ts';

/**
 * What an operator, a shop, Stripe or a device may ask of the books. Takes and answers what JSON can carry (bigint as
 * decimal text), so that a command has the same answers from a running studio and from its directory.
 */
export interface OperatorDesk {
  policy(): Promise<Result<unknown>>;
  publishPolicy(document: unknown): Promise<Result<unknown>>;
  /** Opens the epoch that the policy in force governs; again it answers the same. */
  openEpoch(): Promise<Result<unknown>>;
  addReceipts(body: ReceiptsBody): Promise<Result<unknown>>;
  rates(): Promise<Result<unknown>>;
  addRate(body: RateBody): Promise<Result<unknown>>;
  valuations(): Promise<Result<unknown>>;
  addValuation(body: ValuationBody): Promise<Result<unknown>>;
  seats(tenant: string): Promise<Result<unknown>>;
  addSeat(body: SeatBody): Promise<Result<unknown>>;
  endSeat(body: SeatBody): Promise<Result<unknown>>;
  /** Newest first. */
  orders(page: PageRequest): Promise<Result<unknown>>;
  placeOrder(body: OrderBody): Promise<Result<unknown>>;
  refundOrder(body: OrderRefundBody): Promise<Result<unknown>>;
  reissueCodes(order: string): Promise<Result<unknown>>;
  claimDevice(body: ClaimBody): Promise<Result<unknown>>;
  creditFirstSession(body: SessionBody): Promise<Result<unknown>>;
}

/** Signed events come as raw bytes, so they are asked of a running studio only. */
export interface WebhookDesk {
  stripeEvent(body: Uint8Array, signature: string): Promise<Result<unknown>>;
  orderEvent(body: Uint8Array, headers: { timestamp: string; signature: string }): Promise<Result<unknown>>;
}

export interface DeskParts {
  readonly economy: Economy;
  readonly nowUs: () => bigint;
  readonly publishBooks: () => Promise<void>;
  /** The shared secrets in force for a source of signed events, from the data directory. */
  readonly webhookSecrets: (source: 'stripe' | 'order') => readonly string[];
}

export function operatorDesk(parts: DeskParts): OperatorDesk & WebhookDesk {
  const { economy, nowUs } = parts;
  const { revenue } = economy;
  /** The answer as JSON has it; what changed the books is published first. */
  const told = async (answer: Result<unknown>): Promise<Result<unknown>> => {
    if (!answer.ok) return answer;
    await parts.publishBooks();
    return ok(asJson(answer.value));
  };
  return {
    policy: async () => {
      const found = await economy.policy();
      return found ? ok(asJson(found)) : refuse('no-policy', 'No policy is published yet.');
    },
    publishPolicy: async (document) => {
      const published = await economy.publishPolicy(nowUs(), document);
      if (!published.ok) return published;
      const { sha256, publishedAtUs, policy } = published.value;
      const governsFrom =
        policy.epochs.kind === 'sample' ? policy.epochs.id : monthOf(monthOf(publishedAtUs).endUs).id;
      return told(ok({ sha256, publishedAtUs, governsFrom }));
    },
    openEpoch: async () => told(await economy.openEpoch(nowUs())),
    addReceipts: async ({ receipts, checkOnly }) => {
      const added = await revenue.add(nowUs(), receipts.map(incomingOf), { checkOnly });
      return checkOnly ? added : told(added);
    },
    rates: async () => ok(asJson(await revenue.rates())),
    addRate: async ({ currency, numerator, denominator, dayUs, documentSha256 }) =>
      told(
        await revenue.addRate(nowUs(), {
          currency,
          usdPerUnit: { numerator: BigInt(numerator), denominator: BigInt(denominator) },
          dayUs: BigInt(dayUs),
          documentSha256,
        }),
      ),
    valuations: async () => ok(asJson(await revenue.valuations())),
    addValuation: async (body) =>
      told(
        await economy.addValuation(nowUs(), {
          ...body,
          valueCents: BigInt(body.valueCents),
          fullyDilutedUnits: BigInt(body.fullyDilutedUnits),
          datedAtUs: BigInt(body.datedAtUs),
        }),
      ),
    seats: async (tenant) => ok(asJson(await revenue.seats(tenant))),
    addSeat: async (seat) => told(await revenue.addSeat(nowUs(), seat)),
    endSeat: async (seat) => told(await revenue.endSeat(nowUs(), seat)),
    orders: async (page) => {
      const asked = rowsAfter(page);
      if (!asked.ok) return asked;
      const { rows, next } = pageOf(await revenue.orders(asked.value), page.limit, ({ placedAtUs, id }) =>
        rowCursor({ atUs: placedAtUs, id }),
      );
      return ok(asJson({ orders: rows, next }));
    },
    placeOrder: async (body) => {
      const [amountMinor, placedAtUs] = [BigInt(body.amountMinor), BigInt(body.placedAtUs)];
      return told(await revenue.placeOrder(nowUs(), { ...body, amountMinor, placedAtUs }));
    },
    refundOrder: async (body) => {
      const [amountMinor, receivedAtUs] = [BigInt(body.amountMinor), BigInt(body.receivedAtUs)];
      return told(await revenue.refundOrder(nowUs(), { ...body, amountMinor, receivedAtUs }));
    },
    reissueCodes: async (order) => told(await revenue.reissueCodes(nowUs(), order)),
    claimDevice: async (claim) => told(await revenue.claimDevice(nowUs(), claim)),
    creditFirstSession: async (session) => told(await revenue.creditFirstSession(nowUs(), session)),
    stripeEvent: async (body, signature) => {
      const secrets = parts.webhookSecrets('stripe');
      return told(await revenue.stripeEvent({ body, secrets, nowUs: nowUs() }, signature));
    },
    orderEvent: async (body, headers) => {
      const secrets = parts.webhookSecrets('order');
      return told(await revenue.orderEvent({ body, secrets, nowUs: nowUs() }, headers));
    },
  };
}

function incomingOf(body: ReceiptsBody['receipts'][number]): IncomingReceipt {
  return { ...body, amountMinor: BigInt(body.amountMinor), receivedAtUs: BigInt(body.receivedAtUs) };
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, bigintAsText));
}
