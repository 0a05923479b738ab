import { en } from './en.ts';

/** Every sentence the page says, in the language it says it in. A second language is a second table of this type. */
export type Words = typeof en;

export const text: Words = en;
