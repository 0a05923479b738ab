/** Largest UDP payload: fits the smallest path of IPv6 (1,280 bytes, RFC 8200 §5) with room for tunnels. */
export const DATAGRAM_BYTES_MAX = 1200;
/** The only sampling rate on the wire; inputs are resampled before they reach a peer. */
export const SAMPLE_RATE_HZ = 48_000;
/** Who plays has a seat below this one: `stream` of its datagrams, and its bit of those that say who has them already. */
export const PLAYERS_PER_ROOM_MAX = 16;
/** Who only listens has a seat from there on. A full room then costs a relay 16 · 29 datagrams per packet time, as 22 players do. */
export const LISTENERS_PER_ROOM_MAX = 14;
export const MEMBERS_PER_ROOM_MAX = PLAYERS_PER_ROOM_MAX + LISTENERS_PER_ROOM_MAX;
export const ROOMS_MAX = 64;
/** Audio frames of one packet on the wire, inclusive range. */
export const PACKET_FRAMES_MIN = 16;
export const PACKET_FRAMES_MAX = 512;
/** Copies of earlier packets that one datagram carries at most, and how far back they reach. */
export const COPIES_MAX = 7;
export const COPY_OFFSET_MAX = 64;
/** Repair symbols of one datagram, and packets that they cover. */
export const SYMBOLS_MAX = 4;
export const COVERED_MAX = 16;
/** Characters of a room's or a player's name. */
export const NAME_CHARACTERS_MAX = 32;
/** Characters of a whole join token. */
export const TOKEN_CHARACTERS_MAX = 640;
/** Members listed in one `room` message, so that it stays below {@link DATAGRAM_BYTES_MAX} with the longest names. */
export const MEMBERS_PER_PAGE = 2;
/** Packets that a receiver keeps by index, those already played included: 5.4 s of 256 frames, 1.4 s of 64. */
export const JITTER_SLOTS = 1024;
/** Sequence numbers behind the newest within which a datagram is still taken once. */
export const REPLAY_WINDOW_BITS = 4096;
/** Characters of a peer's sealed addresses: eight of 45 characters, seven spaces and a tag of 16 bytes in base64. */
export const OFFER_CHARACTERS_MAX = 512;
/**
 * Bytes of one member per second, whole datagrams, and at once after a stall of two seconds: 4.2 times the sound in packets of 16 frames
 * of 24 bits (605 kB), their headers, tags and places (3,000 times 110 bytes), and half as much again.
 * Packets of 64 frames and more do not reach it: 750 datagrams of 1,200 bytes are 900 kB.
 */
export const MEMBER_BYTES_PER_SECOND = 1_500_000;
export const MEMBER_BYTES_BURST = 3_000_000;
/** MIDI events of one datagram, repeats included. */
export const MIDI_EVENTS_MAX = 16;
/** MIDI events that wait for the shell: as many as there are notes on 16 channels, so that all can be ended at once. */
export const MIDI_QUEUE_MAX = 2048;
/** Datagrams and events that wait for the shell. */
export const OUTGOING_MAX = 512;
export const EVENTS_MAX = 256;
