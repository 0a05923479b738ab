export type ReportLanguage = 'en' | 'de';

/** Longer headers are no reader's; what is beyond is not looked at. */
const HEADER_LENGTH_MAX = 256;

/** Which of our languages a browser would rather have by its `Accept-Language` (RFC 9110 §12.5.4); English where it names neither. */
export function reportLanguageOf(acceptLanguage: string | undefined): ReportLanguage {
  let best: { readonly language: ReportLanguage; readonly weight: number } = { language: 'en', weight: 0 };
  for (const range of (acceptLanguage ?? '').slice(0, HEADER_LENGTH_MAX).split(',')) {
    const [, name, quality] =
      /^\s*(en|de)(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/i.exec(range) ?? [];
    if (name === undefined) continue;
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > best.weight) best = { language: name.toLowerCase() === 'de' ? 'de' : 'en', weight };
  }
  return best.language;
}
