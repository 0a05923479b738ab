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
  /** The machine's monotonic clock at the room's sample 0: as the card was started, and by the room's clock at the end. */
  readonly startMonotonicUs: number;
  readonly startMonotonicUsAtEnd: number;
  /** Share of one core since the first sound, all threads of the process, percent. */
  readonly cpuPercent: number;
}

export interface PlayReport {
  readonly player: string;
  readonly sent: { readonly takeFile: string; readonly wavFile: string; readonly seconds: number };
  readonly heard: readonly HeardReport[];
  readonly engine: EngineReport;
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
  }[];
}
