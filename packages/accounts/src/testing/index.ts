export { BrowserOfMember } from './browser-of-member.ts';
