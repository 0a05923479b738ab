export { auditBooks } from './books/audit.ts';
export { directoryReader, urlReader } from './books/readers.ts';
export { defaultDataDirectory } from './config/data-directory.ts';
export { parseStudioConfig, type StudioConfig } from './config/studio-config.ts';
export type { EveningReport } from './evening/results.ts';
export type { JoinAnswer, StudioServices, WalletAnswer } from './http/services.ts';
export type { StudioState } from './live/studio-state.ts';
export { type BenchMeshResult, benchMesh } from './mesh/bench/bench-mesh.ts';
export { openStudio, type Studio } from './studio.ts';
