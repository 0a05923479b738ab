import { fetchRoute } from '../../api/fetch-route.ts';
import { amount, count, list, orNull, record, type Shape, text } from '../../api/shape.ts';
import type { Told } from '../../api/told.ts';

/** An act as its contract has it. */
export type Act = Told<'GET /api/acts'>['acts'][number];

const words: Shape<Act['parameters']> = (value, path) =>
  Object.fromEntries(
    Object.entries(Object(value)).map(([name, each]) => [name, text(each, `${path}.${name}`)]),
  );
const act = record<Act>({
  number: text,
  salt: text,
  leaf: orNull(amount),
  status: orNull(count),
  atUs: amount,
  actor: text,
  role: text,
  method: text,
  route: text,
  parameters: words,
  bodySha256: text,
  actorName: orNull(text),
  summary: orNull(text),
});

export const acts = {
  /** Newest first. */
  page: async (after: string | null) => {
    const shape = record({ acts: list(act), next: orNull(text) });
    const answer = await fetchRoute('GET /api/acts', shape, { query: { after: after ?? undefined } });
    return answer.ok ? { ...answer, value: { rows: answer.value.acts, next: answer.value.next } } : answer;
  },
};
