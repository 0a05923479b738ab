import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, record, type Shape, text } from '../../api/shape.ts';

type Document = Readonly<Record<string, unknown>>;

const document: Shape<Document> = (value, path) => {
  record<object>({})(value, path);
  // An object, as just seen; it is shown and compared as it stands.
  return value as Document;
};

export interface InForce {
  readonly sha256: string;
  readonly policy: Document;
}

/** Rules of the epochs: the ones published last, and the next. */
export const policies = {
  inForce: () => fetchRoute('GET /api/policy', record<InForce>({ sha256: text, policy: document })),
  publish: (policy: object) =>
    sendRoute(
      'POST /api/policies',
      record({ sha256: text, governsFrom: text, publishedAtUs: amount }),
      policy,
    ),
};
