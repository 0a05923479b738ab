export { localNowUs } from './local-clock.ts';
export { openUdpPort, type UdpPortKind } from './net/open-udp-port.ts';
export { runPorts } from './net/run-ports.ts';
export { STOP, type UdpHandler, type UdpPort } from './net/udp-port.ts';
export { nodeSealCrypto } from './node-seal-crypto.ts';
export { type Consent, type PlayOptions, parsePlayOptions } from './play-options.ts';
export type { HeardReport, LiveMetrics, PlayReport } from './play-report.ts';
export { raiseThread, type ThreadPriority } from './realtime/priority.ts';
export { type PlayHooks, runPeer } from './run-peer.ts';
