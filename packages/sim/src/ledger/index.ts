export { LedgerBroken, type LedgerSimulation, type PlantedBug, simulateLedger } from './simulate-ledger.ts';
