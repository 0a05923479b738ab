/** Texts that are rightly the same in English and German. */
const SAME_ON_PURPOSE: ReadonlySet<string> = new Set([
  'JAM',
  'JAMNet',
  'JAMBucks',
  'Name',
  'Passkeys',
  'Code',
  'A',
  'B',
  'X',
  'A/B',
  'ABX',
  'PNBTR',
  'Administrator',
  'Browser',
  'Studio',
  'Status',
  'Version',
  'Audit',
  'Position',
  'Link',
  'OK',
  'Auto',
  'MIDI',
  'IBAN',
  'BIC',
]);

/** What is wrong with a screen's texts in two languages, one sentence a fault, each beginning with the place. */
export function faultsOf(en: unknown, de: unknown, at = ''): string[] {
  if (typeof en === 'string' && typeof de === 'string') return sentenceFaults(en, de, at);
  if (typeof en === 'function' && typeof de === 'function') return functionFaults(en, de, at);
  if (!isTree(en) || !isTree(de)) return [`${at}: not the same sort of thing in both languages`];
  const keys = new Set([...Object.keys(en), ...Object.keys(de)]);
  return [...keys].flatMap((key) => {
    const place = at === '' ? key : `${at}.${key}`;
    if (!Object.hasOwn(en, key)) return [`${place}: missing in English`];
    if (!Object.hasOwn(de, key)) return [`${place}: missing in German`];
    return faultsOf(en[key], de[key], place);
  });
}

function sentenceFaults(en: string, de: string, at: string): string[] {
  if (en.trim() === '' || de.trim() === '') return [`${at}: empty`];
  return en === de && !SAME_ON_PURPOSE.has(en) && /\p{L}/u.test(en)
    ? [`${at}: “${en}” in both languages: translate it, or name it in SAME_ON_PURPOSE`]
    : [];
}

/** A function is asked for its sentence, once with numbers and, where it cannot use them, with texts; else only its shape is compared. */
function functionFaults(en: unknown, de: unknown, at: string): string[] {
  const [said, gesagt] = [sentenceOf(en), sentenceOf(de)];
  if (said === null || gesagt === null) return said === gesagt ? [] : [`${at}: works in one language only`];
  return sentenceFaults(said, gesagt, at);
}

/** Every sentence of a screen's texts in one language; those made of values, of samples. */
export function sentencesOf(texts: unknown): string[] {
  if (typeof texts === 'string') return [texts];
  if (!isTree(texts)) return [sentenceOf(texts) ?? []].flat();
  return Object.values(texts).flatMap(sentencesOf);
}

function sentenceOf(make: unknown): string | null {
  if (typeof make !== 'function') return null;
  for (const sample of [2, '2']) {
    try {
      const made: unknown = make(...Array.from({ length: make.length }, () => sample));
      if (typeof made === 'string') return made;
    } catch {
      // Wanted a value of another sort: the next sample.
    }
  }
  return null;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
