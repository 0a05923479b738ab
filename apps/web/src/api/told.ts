import type { AnswerOf, Route } from '@jamnet/studio/api';

/** What a route answers, by its contract, as something that is only read. */
export type Told<R extends Route> = OnlyRead<AnswerOf<R>>;

type OnlyRead<T> = T extends readonly (infer Row)[]
  ? readonly OnlyRead<Row>[]
  : T extends object
    ? { readonly [K in keyof T]: OnlyRead<T[K]> }
    : T;
