export { type FuzzReport, fuzzLedger } from './fuzz-ledger.ts';
export { LedgerBroken } from './ledger-broken.ts';
export { type LedgerSimulation, type PlantedBug, simulateLedger } from './simulate-ledger.ts';
