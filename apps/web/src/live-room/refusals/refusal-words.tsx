export interface RefusalWordsProps {
  readonly code: string;
  /** The studio’s own sentence, in English; empty where it gave none. */
  readonly message: string;
  /** Sentences by code in the language of the page. */
  readonly codes: Readonly<Record<string, string>>;
  readonly unknown: (code: string) => string;
}

/** A refusal in the language of the page; of codes that the page does not know, the studio’s sentence. */
export function RefusalWords({ code, message, codes, unknown }: RefusalWordsProps) {
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (known !== undefined) return known;
  return message === '' ? unknown(code) : <span lang="en">{message}</span>;
}
