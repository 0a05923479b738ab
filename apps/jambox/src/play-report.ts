import type { LinkReport } from '@jamnet/toast';

export interface HeardReport {
  readonly from: string;
  /** Empty when the sender's consent does not allow a recording. */
  readonly takeFile: string;
  readonly wavFile: string;
  readonly seconds: number;
  /** Audio packets of the sender. */
  readonly packets: number;
  /** Own datagram did not arrive in time or ever: recovered + concealed. */
  readonly lost: number;
  /** Played from a redundant copy. */
  readonly recovered: number;
  /** No copy in time: filled by the concealer. */
  readonly concealed: number;
  /** Those of the concealed of which a copy came after all, too late for the ear. */
  readonly late: number;
  /** One way, from the sample at the sender's card to the ear, by the synchronised clocks. */
  readonly delayMsP50: number;
  readonly delayMsP99: number;
  /** Sender's card against ours, parts per million; 0 where whole packets are played. */
  readonly driftPpm: number;
  readonly trust: StreamTrust;
  /** MIDI messages that came, that no copy brought, times that notes were ended because of loss or silence, and drum hits foretold. */
  readonly notes: {
    readonly events: number;
    readonly lost: number;
    readonly released: number;
    readonly foretold: number;
  };
  /** Audio datagrams that came straight from the sender, and over the relay. */
  readonly arrived: { readonly direct: number; readonly relay: number };
}

/** Whether the stream is its owner's. `isSigned`: the owner announced keys, and we can check them. */
export interface StreamTrust {
  readonly isSigned: boolean;
  /** Datagrams for which the owner's signature came, and such as the owner did not send. */
  readonly verified: number;
  readonly forged: number;
}

/** How the engine's thread ran: what `jamnet doctor` and the bench look at. */
export interface EngineReport {
  readonly udp: 'mmsg' | 'dgram';
  readonly scheduling: 'fifo' | 'normal';
  readonly timerSlackNs: number;
  /** How late the thread came to the ends of its card's periods, and how many it came to a whole period late. */
  readonly latenessUsP50: number;
  readonly latenessUsP99: number;
  readonly periodsLate: number;
  /** How many periods it came to the end of at least 0, 100, 200 … 5,000 µs late. */
  readonly periodsLateBy100Us: readonly number[];
  /** The machine's monotonic clock at the room's sample 0: as the card was started, and by the room's clock at the end. */
  readonly startMonotonicUs: number;
  readonly startMonotonicUsAtEnd: number;
  /** Share of one core since the first sound, all threads of the process, percent. */
  readonly cpuPercent: number;
}

export interface PlayReport {
  readonly player: string;
  /** The multitrack take of what was sent and heard, as far as consent goes; empty where nothing was recorded. */
  readonly takeFile: string;
  /** Blocks of sound and notes that the take lacks because the disk or its thread did not keep up. */
  readonly takeBlocksDropped: number;
  /** The relay stopped answering, and the player left with what there was. */
  readonly isRelayLost: boolean;
  readonly sent: { readonly takeFile: string; readonly wavFile: string; readonly seconds: number };
  readonly heard: readonly HeardReport[];
  readonly engine: EngineReport;
  readonly redundancy: RedundancyReport;
  /** Every link of the room as its listener last reported it, our own included. */
  readonly links: readonly LinkReport[];
}

/** What our datagrams carried besides their own packets. */
export interface RedundancyReport {
  /** Of the last datagram: "none", "copies 1,3" (packets back) or "coded 2/8" (symbols over packets). */
  readonly plan: string;
  /** Times that listeners' reports changed it. */
  readonly changes: number;
  /** Bytes of all datagrams by bytes of the samples in them. */
  readonly bandwidthRatio: number;
}

/** One line about four times a second while playing. */
export interface LiveMetrics {
  readonly type: 'live';
  readonly player: string;
  readonly phase: string;
  /** Seconds since the room's start; negative before it. */
  readonly atSeconds: number;
  readonly sentPackets: number;
  readonly roundTripMs: number;
  /** No error of our clock against the room's is larger. */
  readonly clockErrorMs: number;
  readonly redundancy: RedundancyReport;
  /** Times that the sound card or a pipe ran dry or over. */
  readonly cardStumbles: number;
  /** Where in the music the room is, bar and beat from 0, and how that goes; `null` before anybody set a tempo. */
  readonly position: {
    readonly bar: number;
    readonly beat: number;
    readonly beatsPerBar: number;
    readonly tempoBpm: number;
  } | null;
  /** Where the click that follows the band is beside the announced beat, late is positive; `null` while none sounds. */
  readonly band: { readonly offsetMs: number; readonly tempoBpm: number; readonly isLed: boolean } | null;
  readonly heard: readonly {
    readonly from: string;
    readonly packets: number;
    readonly lost: number;
    readonly recovered: number;
    readonly concealed: number;
    readonly late: number;
    readonly bufferMs: number;
    readonly transitMs: number;
    readonly delayMsP50: number;
    readonly delayMsP99: number;
    readonly driftPpm: number;
    /** Datagrams in this player's name that it did not send. */
    readonly forged: number;
    /** Drum hits that sounded at their forecast time because they had not come. */
    readonly foretold: number;
    /** How our sound goes to this player: straight, or over the relay. */
    readonly path: 'direct' | 'relay';
    /** Round trips over the direct path (`null`: none is proved) and over the relay (`null`: not measured), ms. */
    readonly directTripMs: number | null;
    readonly relayTripMs: number | null;
  }[];
}
