import { expect, test } from 'vitest';
import type { ConfigIssue } from './read-settings.ts';
import { parseTracesPlace, type RawTracesPlace } from './traces-place.ts';

function parsed(raw: RawTracesPlace) {
  const issues: ConfigIssue[] = [];
  return { place: parseTracesPlace(raw, issues), issues: issues.map(({ setting }) => setting) };
}

test('without a collector no traces are taken, whatever share was named', () => {
  expect(parsed({})).toEqual({ place: null, issues: [] });
  expect(parsed({ tracesRatio: '0.5' })).toEqual({ place: null, issues: [] });
});

test.each([
  ['http://127.0.0.1:4318', undefined, 'http://127.0.0.1:4318', 1],
  ['https://otel.example/in/jamnet//', '0.05', 'https://otel.example/in/jamnet', 0.05],
  ['http://[::1]:4318/', '0', 'http://[::1]:4318', 0],
])('%s with a share of %s goes to %s', (tracesEndpoint, tracesRatio, endpoint, ratio) => {
  const raw = { tracesEndpoint, ...(tracesRatio === undefined ? {} : { tracesRatio }) };
  expect(parsed(raw)).toEqual({ place: { endpoint, ratio }, issues: [] });
});

test.each(['', 'collector:4318', 'ftp://a', 'http://', 'http://a/?key=1', 'http://a b', 'http://me:word@a'])(
  '"%s" is no collector',
  (tracesEndpoint) => {
    expect(parsed({ tracesEndpoint }).issues).toEqual(['tracesEndpoint']);
  },
);

test.each(['', '-0.1', '1.1', '5%', '1e-3', '2', 'NaN'])('"%s" is no share', (tracesRatio) => {
  expect(parsed({ tracesRatio }).issues).toEqual(['tracesRatio']);
});
