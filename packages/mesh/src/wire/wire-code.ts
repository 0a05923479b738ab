/** What can be wrong with a message by itself. */
export type WireCode = 'message-not-json' | 'message-malformed';
