export {
  type Assignment,
  type AssignmentCode,
  AssignmentDraw,
  type AssignmentInput,
  assignmentSeed,
} from './assignment/assignment.ts';
export { CHAIN_LINKS_MAX, HashChain, isPreimage } from './assignment/hash-chain.ts';
export { type Candidate, type DrawnPerformance, drawHosts } from './assignment/rank-hosts.ts';
export {
  BARS_MAX,
  type Bar,
  type BarHit,
  barOfSixteenth,
  barsOf,
  barsOfHits,
  cellsOf,
  type Hit,
  loudestPerCell,
  type Onset,
  offsetTenthMs,
} from './bars.ts';
export type { BlendScores } from './blend.ts';
export {
  CLICK_POLICY,
  type ClickAsynchrony,
  ClickFollower,
  type ClickPolicy,
  clickAsynchrony,
} from './click-follower.ts';
export {
  COMMITMENT_BYTES,
  type Committed,
  commitment,
  commitmentStatement,
  revealStatement,
  SALT_BYTES,
} from './commitment.ts';
export { type ExpectedHit, ExpectedHits, likelyForecast } from './expected-hits.ts';
export {
  DECILES,
  decodeForecast,
  emptyForecast,
  encodeForecast,
  FORECAST_BYTES,
  type Forecast,
  type ForecastCode,
  faultOf,
  OFFSET_TENTH_MS_MAX,
} from './forecast.ts';
export { ForecastAside, type ForetoldBar } from './forecast-aside.ts';
export type { Forecaster, StrokeForecaster } from './forecaster.ts';
export {
  barLineUs,
  commitDeadlineUs,
  type Grid,
  type GridCode,
  type GridDescription,
  gridOf,
  nearestSixteenth,
  sixteenthLengthUs,
  sixteenthUs,
  TEMPO_CHANGES_MAX,
  type TempoChange,
} from './grid.ts';
export { house1 } from './house.ts';
export { HOUSE_PRIORS } from './house-priors.ts';
export { house2 } from './house2.ts';
export {
  CELLS,
  cellOf,
  INSTRUMENTS,
  type Instrument,
  instrumentOfCell,
  instrumentOfPitch,
  pitchOfInstrument,
  STEPS_PER_BAR,
  stepOfCell,
} from './instruments.ts';
export { LIVE_BARS_BEHIND_MAX, LIVE_EFFECTS_MAX, LiveRound } from './live-round.ts';
export type { LiveEffect, LiveInput, LivePlan } from './live-round-types.ts';
export { type LostStrokes, lostStrokes } from './lost-strokes.ts';
export {
  MIDI_NOTES_MAX,
  type MidiCode,
  type MidiPerformance,
  type ParsedMidi,
  type ParsedMidiEvent,
  performanceOfMidi,
} from './midi.ts';
export { FEATURES } from './model/features.ts';
export {
  decodeModel,
  encodeModel,
  type GrooveModel,
  MEMBERS_MAX,
  type ModelCode,
} from './model/model-file.ts';
export { modelForecaster, strokeForecaster } from './model/model-forecaster.ts';
export { newActivations, run as runNetwork } from './model/network.ts';
export { ONNX_INPUT, ONNX_OUTPUT, onnxModel } from './model/onnx.ts';
export { detectOnsets, ONSET_LATENCY_MS, ONSETS_WAITING_MAX, OnsetDetector } from './onset-detector.ts';
export {
  BarStream,
  barHash,
  barStatement,
  type ReceivedBar,
  type SignedBar,
  type StreamCode,
  type StreamHead,
  streamHash,
  streamStatement,
  type VerifySignature,
} from './performance/bar-stream.ts';
export { type BarCode, checkBar, encodeBar } from './performance/encode-bar.ts';
export { REMEMBERED_BARS_MAX, type ReplayCode, ReplayGuard } from './performance/replay-guard.ts';
export { type PerformerCredit, trimmedCredit } from './performer-credit.ts';
export { fitPriors, type Pair, type Priors } from './priors.ts';
export { applyProfile } from './profile/apply-profile.ts';
export { type GrooveProfile, profileOf, readProfile } from './profile/groove-profile.ts';
export { measureProfiles, type ProfileGain } from './profile/measure-profile.ts';
export { profileSvg } from './profile/profile-svg.ts';
export {
  GATE_POLICY,
  type GateCode,
  type GatePolicy,
  type GateVerdict,
  judgeCandidate,
  type TierGain,
} from './release/gate.ts';
export { performancesSha256 } from './release/held-out-hash.ts';
export {
  isReleasedFile,
  lineSha256,
  NO_LINE_BEFORE,
  type ReleaseCode,
  type ReleaseEntry,
  readReleases,
  releaseLine,
  releaseStatement,
  type SignedRelease,
} from './release/release-list.ts';
export { EFFECTS_MAX, GrooveRound } from './round.ts';
export {
  HOLD_LIMIT_US,
  HOSTS_MAX,
  type HostRow,
  type Reveal,
  type RoundCode,
  type RoundEffect,
  type RoundHost,
  type RoundInput,
  type RoundPlan,
  type RoundRecord,
  type RoundRow,
  type ScoringPlan,
  type Task,
  VOID_CHARGE_PPM,
  type VoidCode,
} from './round-types.ts';
export { addScores, type BarScore, crpsOfPinball, NO_SCORE, pinball, scoreBar } from './score.ts';
export { addMidiScores, type MidiScore, type MidiScoring, scoreMidi, type Tier } from './score-midi.ts';
export { settle } from './settle.ts';
export {
  type GroupSettlement,
  newStanding,
  OTHER_PERFORMERS,
  PERFORMERS_MAX,
  SETTLEMENT_POLICY,
  type SettlementCode,
  type SettlementPolicy,
  type SettlementRequest,
  type Standing,
} from './settle-types.ts';
export {
  addTallies,
  type Loss,
  NO_SKILL,
  type SkillTally,
  skillLowerPpm,
  skillPpm,
  studentPermille,
  tallyOfBlock,
} from './skill.ts';
export { parseStanding, standingText } from './standing-text.ts';
export type { Checkpoint } from './training/adam.ts';
export { TRAINING_PLAN, type TrainingPlan } from './training/batches.ts';
export { type Examples, examplesOf, type Horizon } from './training/examples.ts';
export {
  CHECKPOINT_BYTES,
  decodeCheckpoint,
  decodeStep,
  encodeCheckpoint,
  encodeStep,
  STEP_BYTES_MAX,
  STEP_EXAMPLES_MAX,
  STEP_UPDATES_MAX,
  type StepCode,
} from './training/step-codec.ts';
export { train } from './training/train.ts';
export { runStep, stepOperations, type TrainStep } from './training/train-step.ts';
export { type TrainingJob, TrainingRun } from './training/training-run.ts';
