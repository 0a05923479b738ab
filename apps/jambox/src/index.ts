export { nodeSealCrypto } from './node-seal-crypto.ts';
export { type Consent, type PlayOptions, parsePlayOptions } from './play-options.ts';
export type { HeardReport, LiveMetrics, PlayReport } from './play-report.ts';
export { type PlayHooks, runPeer } from './run-peer.ts';
