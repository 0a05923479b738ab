import { describe, expect, it } from 'vitest';
import { firstLine, NOTES_PER_BAR, notesPlayed, percentOf, pitchesOf } from './notes.ts';

describe('a bar of the evening', () => {
  it.each([
    [0, 0],
    [0.24, 0],
    [0.25, 1],
    [0.99, 3],
    [1, 3],
    [7, 3],
    [-1, 0],
  ])('at progress %d has played %d notes while it runs', (progress, notes) => {
    expect(notesPlayed(progress, false)).toBe(notes);
  });

  it('is full when its step is done, and only then', () => {
    expect(notesPlayed(0, true)).toBe(NOTES_PER_BAR);
  });

  it('has its notes on the staff, however many bars there are', () => {
    for (let bar = 0; bar < 30; bar++) {
      expect(pitchesOf(bar)).toHaveLength(NOTES_PER_BAR);
      for (const pitch of pitchesOf(bar)) expect(pitch >= 0 && pitch <= 8).toBe(true);
    }
  });

  it('is told in one line', () => {
    expect(firstLine('died\n    at there')).toBe('died');
    expect(firstLine('')).toBe('');
  });

  it('draws no progress outside itself', () => {
    expect([percentOf(-0.5), percentOf(0.426), percentOf(3)]).toEqual([0, 43, 100]);
  });
});
