/** Own addresses that a peer offers, and addresses of one member that are probed at all. */
export const OFFERED_MAX = 8;
export const CANDIDATES_MAX = 12;
/** Addresses from which one member's datagrams are taken: the newest that it proved. */
export const SOURCES_PER_MEMBER_MAX = 4;
/** Members to whom sound goes straight: beyond them one datagram to the relay costs less than the own line can carry. */
export const PATHS_USED_MAX = 6;

/** Between two probes of an address that has not answered, and how many go there before a rest. */
export const PUNCH_EVERY_US = 25_000;
export const PUNCHES_MAX = 24;
/** Between the first probes of one member's addresses, in their order. */
export const STAGGER_US = 5_000;
/** Rests between rounds of punching double from the first to the last. */
export const REST_US = { first: 500_000, last: 16_000_000 } as const;
/** An echo that was asked for goes out at once, but no sooner than this after the last probe there. */
export const ECHO_EVERY_US = 10_000;
/** Between two probes of a path that is proved. */
export const KEEP_EVERY_US = 50_000;
/** Nothing heard for so long: sound goes over the relay again. */
export const SILENCE_US_MAX = 150_000;

/** Probes that this peer sends in all, per second and at once. */
export const PROBES_SENT = { perSecond: 400, burst: 60 } as const;
/** Probes that are looked at: from all addresses that one member proved, and from all others together. */
export const PROBES_KNOWN = { perSecond: 150, burst: 60 } as const;
export const PROBES_UNKNOWN = { perSecond: 200, burst: 100 } as const;

/** Direct is used when its round trip is at most this much more than the relay's: a tie spares the relay … */
export const TIE_US = 250;
/** … and left when it is worse by so much. */
export const WORSE_US = 2_500;

/** Between two questions to the relay: until the first answer, how many of them, and afterwards. */
export const ASK_EVERY_US = 250_000;
export const ASKS_MAX = 8;
export const ASK_AGAIN_US = 1_000_000;
