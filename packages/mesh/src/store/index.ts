export { openMeshStore } from './sql-store.ts';
