import { texts } from './texts.ts';

export const text = texts({ en: { language: 'Language' }, de: { language: 'Sprache' } });
