import { describe, expect, it } from 'vitest';
import type { MeshTask, TaskState } from '../api/state.ts';
import { rowsOf } from './task-grid.ts';

function task(id: string, kind: string, state: TaskState): MeshTask {
  return { id, kind, state, node: null, reason: null };
}

describe('the task grid', () => {
  it('has a row per kind in order of appearance, with every task in it', () => {
    const rows = rowsOf([
      task('1', 'repair', 'verified'),
      task('2', 'forecast', 'leased'),
      task('3', 'repair', 'rejected'),
    ]);
    expect(rows.map((row) => [row.kind, row.tasks.map(({ id }) => id)])).toEqual([
      ['repair', ['1', '3']],
      ['forecast', ['2']],
    ]);
  });

  it('counts only states that occur, from queued to rejected', () => {
    const [row] = rowsOf([task('1', 'x', 'rejected'), task('2', 'x', 'queued'), task('3', 'x', 'rejected')]);
    expect(row?.counts).toEqual([
      { state: 'queued', count: 1 },
      { state: 'rejected', count: 2 },
    ]);
  });

  it('is empty without tasks', () => {
    expect(rowsOf([])).toEqual([]);
  });
});
