import { type HopCrypto, hopTagFits } from '../crypto/toast-crypto.ts';
import type { PeerCounters } from '../peer/peer-events.ts';
import { TokenBucket } from '../token-bucket.ts';
import { bodyOf, type Header } from '../wire/header.ts';
import { decodeProbe } from '../wire/probe-body.ts';
import { PROBES_UNKNOWN } from './direct-limits.ts';
import type { DirectPath } from './direct-path.ts';
import type { PathTable } from './path-table.ts';

interface Surroundings {
  readonly crypto: HopCrypto;
  readonly counters: PeerCounters;
  readonly paths: PathTable;
  /** Round trip to the relay, µs. */
  readonly relayTripUs: () => number;
}

/** Judges probes that come from anywhere: those of members are taken, all others counted by what is wrong with them. */
export class ProbeInbox {
  readonly #around: Surroundings;
  readonly #strangers = new TokenBucket(PROBES_UNKNOWN.perSecond, PROBES_UNKNOWN.burst);

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Answers the path whose member sent a probe that was taken, else `null`. */
  take(nowUs: number, from: string, bytes: Uint8Array, header: Header): DirectPath | null {
    const { counters, paths, relayTripUs } = this.#around;
    const known = paths.ofSource(from);
    const path = this.#senderOf(nowUs, known, bytes, header);
    if (path === null) return null;
    const probe = decodeProbe(bodyOf(bytes, header));
    if (!probe.ok) {
      counters.malformed++;
      return null;
    }
    // A member that puts another's address on its datagrams must not take that one's place.
    if (known !== undefined && known !== path && known.isAlive(nowUs)) {
      counters.strangers++;
      return null;
    }
    path.replay.accept(header.sequence);
    paths.addSource(path, from, path.take(nowUs, from, probe.value, relayTripUs()));
    return path;
  }

  #senderOf(
    nowUs: number,
    known: DirectPath | undefined,
    bytes: Uint8Array,
    header: Header,
  ): DirectPath | null {
    const { counters, crypto, paths } = this.#around;
    if (!(known?.bucket ?? this.#strangers).take(nowUs)) {
      counters.probesFlooded++;
      return null;
    }
    const path = paths.ofEpoch(header.epoch);
    if (path === null) {
      counters.strangers++;
      return null;
    }
    if (!hopTagFits(crypto, path.read.probe, bytes, header.bodyBytes)) {
      counters.probesForged++;
      return null;
    }
    if (!path.replay.isFresh(header.sequence)) {
      counters.probesReplayed++;
      return null;
    }
    return path;
  }
}
