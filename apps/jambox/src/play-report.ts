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

export interface PlayReport {
  readonly player: string;
  readonly sent: { readonly takeFile: string; readonly wavFile: string; readonly seconds: number };
  readonly heard: readonly HeardReport[];
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
