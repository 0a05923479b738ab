import { describe, expect, it } from 'vitest';
import { explainProblem, readAnswer } from './fetch-json.ts';
import { count, record } from './shape.ts';

describe('an answer of the studio', () => {
  it('is explained by its own words when it is a refusal', () => {
    const problem = {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      code: 'x',
      detail: 'No such take.',
    };
    expect(explainProblem(404, problem)).toMatchObject({ code: 'x', message: 'No such take.' });
    expect(explainProblem(404, { title: 'Not found' })).toMatchObject({
      code: 'studio-refused',
      message: 'Not found',
    });
  });

  it('is explained by its status when it has no words', () => {
    expect(explainProblem(502, 'bad gateway').message).toContain('502');
  });

  it('is refused when it is not what was asked for', () => {
    const shape = record<{ size: number }>({ size: count });
    expect(readAnswer(shape, { size: 1 })).toEqual({ ok: true, value: { size: 1 } });
    expect(readAnswer(shape, { size: 'many' })).toMatchObject({ ok: false, code: 'answer-malformed' });
  });
});
