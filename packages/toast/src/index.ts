export type { Addressed } from './addressed.ts';
export { ClockSync } from './clock-sync.ts';
export {
  isName,
  issueToken,
  type JoinClaim,
  peekClaim,
  splitToken,
  type TokenCode,
  verifyWireToken,
} from './crypto/join-token.ts';
export {
  type HopCrypto,
  hopKey,
  hopTagFits,
  KEY_BYTES,
  nonceOf,
  SEAL_TAG_BYTES,
  type SealCrypto,
  senderKey,
  signHop,
} from './crypto/toast-crypto.ts';
export type { Way } from './direct/way.ts';
export { type DumpKeys, PacketDump } from './dump/packet-dump.ts';
export { AudioWriter } from './jellie/audio-writer.ts';
export { decide } from './jellie/decide.ts';
export {
  checkPlan,
  codedPlan,
  copiesPlan,
  NO_REDUNDANCY,
  type PlanCode,
  planBytes,
  type RedundancyPlan,
} from './jellie/redundancy-plan.ts';
export * as limits from './limits.ts';
export type {
  PeerCode,
  PeerCounters,
  PeerEvent,
  PeerPhase,
} from './peer/peer-events.ts';
export type { PeerOptions } from './peer/peer-options.ts';
export { PeerSession } from './peer/peer-session.ts';
export type { RemotePlayer } from './peer/remote-player.ts';
export { type Pull, type StreamCounters, StreamReceiver } from './peer/stream-receiver.ts';
export { FATE, type Fate, JitterBuffer, PUT, type Put } from './playout/jitter-buffer.ts';
export { Lateness } from './playout/lateness.ts';
export { PlayoutDelay } from './playout/playout-delay.ts';
export {
  type HoleFiller,
  type PlayerOptions,
  type SpeedBender,
  StreamPlayer,
} from './playout/stream-player.ts';
export { type Advice, type AdviceCode, advise, type Finding } from './quality/advise.ts';
export {
  type LinkReport,
  type MachineReport,
  oneWayUs,
  type RoomReport,
  STALL_US,
} from './quality/room-report.ts';
export { Relay, type RelayCounters, type RelayOptions } from './relay/relay.ts';
export { ReplayWindow } from './replay-window.ts';
export { BeatTimeline, type Position, samplesPerBeat, type TimelineEntry } from './timeline/beat-timeline.ts';
export { TokenBucket } from './token-bucket.ts';
export type { PeerIdentity } from './trust/peer-identity.ts';
export { PROOFS_WAITING_MAX, type ProofTask } from './trust/proof-task.ts';
export { AudioBodyReader, READ, type Read } from './wire/audio-body.ts';
export { type AudioBody, decodeAudioBody } from './wire/audio-body-value.ts';
export { audioDatagramBytes } from './wire/audio-layout.ts';
export {
  CONSENT,
  type ControlMessage,
  decodeControl,
  encodeControl,
  type RefusalCode,
  type RoomMember,
} from './wire/control-message.ts';
export {
  bodyOf,
  decodeHeader,
  encodeHeader,
  FLAG_SEALED,
  HEADER_BYTES,
  type Header,
  HOP_TAG_BYTES,
  PACKET_TYPE,
  type PacketType,
  STREAM_NONE,
  STREAM_RELAY,
  type WireCode,
} from './wire/header.ts';
export { decodeMidiBody, type MidiBody, type MidiEvent } from './wire/midi-body.ts';
export { decodeStatsBody, type StreamStats } from './wire/stats-body.ts';
export { decodeSyncBody, encodeSyncBody, type SyncAnswer, type SyncRequest } from './wire/sync-body.ts';
