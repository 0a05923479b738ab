import { ok, type Result } from '@jamnet/base';
import { chunksOfReceipts, type IncomingReceipt } from '@jamnet/economy/page';
import type { FetchCode } from '../../api/fetch-json.ts';
import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { count, readAs, record, type Shape, text } from '../../api/shape.ts';

/** As many as the studio takes in one request. */
const RECEIPTS_PER_REQUEST_MAX = 5_000;

/** Keys of the policy's catalogue with their titles. */
export type Products = readonly (readonly [key: string, title: string])[];

const document: Shape<Readonly<Record<string, unknown>>> = (value, path) => {
  record<object>({})(value, path);
  // An object, as just seen; what is in it is read below.
  return value as Readonly<Record<string, unknown>>;
};

/** What the policy in force sells, all of it or of one stream of revenue. */
export async function fetchProducts(stream?: 'hardware'): Promise<Result<Products, FetchCode>> {
  const answer = await fetchRoute(
    'GET /api/policy',
    record<{ policy: Readonly<Record<string, unknown>> }>({ policy: document }),
  );
  if (!answer.ok) return answer;
  const named = answer.value.policy.products;
  const titled = record<{ title: string; stream: string }>({ title: text, stream: text });
  const read: [string, string][] = [];
  for (const [key, product] of Object.entries(typeof named === 'object' && named !== null ? named : {})) {
    const one = readAs(titled, product);
    if (!one.ok) return one;
    if (stream === undefined || one.value.stream === stream) read.push([key, one.value.title]);
  }
  return ok(read);
}

export interface Sent {
  readonly added: number;
  /** How many of the receipts the studio has taken in or checked. */
  readonly done: number;
}

/**
 * Has the studio check receipts, or take them in: piece by piece, in their order. What a lost line or a refusal leaves
 * half done is safe to send again, since a receipt counts once.
 */
export async function sendReceipts(
  receipts: readonly IncomingReceipt[],
  checkOnly: boolean,
  onDone: (sent: Sent) => void,
): Promise<Result<Sent>> {
  let sent: Sent = { added: 0, done: 0 };
  for (const chunk of chunksOfReceipts(receipts, RECEIPTS_PER_REQUEST_MAX)) {
    const body = { receipts: chunk.map(asJson), checkOnly };
    const answer = await sendRoute('POST /api/receipts', record({ added: count }), body);
    if (!answer.ok) return answer;
    sent = { added: sent.added + answer.value.added, done: sent.done + chunk.length };
    onDone(sent);
  }
  return ok(sent);
}

function asJson(receipt: IncomingReceipt) {
  const { amountMinor, receivedAtUs } = receipt;
  return { ...receipt, amountMinor: amountMinor.toString(), receivedAtUs: receivedAtUs.toString() };
}
