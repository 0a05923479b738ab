export { MIGRATIONS as MESH_STEPS } from './migrations.ts';
export { openMeshStore } from './sql-store.ts';
