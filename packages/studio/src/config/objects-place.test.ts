import { expect, test } from 'vitest';
import { parseObjectsPlace, type RawObjectsPlace } from './objects-place.ts';
import type { ConfigIssue } from './read-settings.ts';

function parse(raw: RawObjectsPlace) {
  const issues: ConfigIssue[] = [];
  return { place: parseObjectsPlace(raw, issues), issues: issues.map(({ message }) => message) };
}

test('nothing said keeps takes and models in the data directory alone', () => {
  expect(parse({})).toEqual({ place: null, issues: [] });
});

test.each([
  ['s3://jam', ''],
  ['s3://jam/', ''],
  ['s3://jam/studio', 'studio/'],
  ['s3://jam/a/b/', 'a/b/'],
])('%s has the prefix "%s"', (objects, prefix) => {
  const place = {
    kind: 's3',
    bucket: 'jam',
    prefix,
    endpoint: undefined,
    region: 'us-east-1',
    keys: undefined,
  };
  expect(parse({ objects })).toEqual({ place, issues: [] });
});

test('endpoint, region and keys go with the bucket', () => {
  const given = {
    objectsEndpoint: 'http://store:9000',
    objectsRegion: 'eu',
    objectsKeyId: 'a',
    objectsSecret: 'b',
  };
  expect(parse({ objects: 's3://jam', ...given }).place).toMatchObject({
    ...{ endpoint: 'http://store:9000', region: 'eu', keys: { id: 'a', secret: 'b' } },
  });
});

test.each<[string, RawObjectsPlace]>([
  ['a relative path', { objects: 'store' }],
  ['a bucket that no store would take', { objects: 's3://A' }],
  ['a prefix that leads out', { objects: 's3://jam/ /x' }],
  ['a key without its secret', { objects: 's3://jam', objectsKeyId: 'a' }],
  ['an endpoint without a scheme', { objects: 's3://jam', objectsEndpoint: 'store:9000' }],
  ['an endpoint with no bucket', { objectsEndpoint: 'http://store' }],
])('%s is refused in one sentence', (_, raw) => {
  expect(parse(raw).issues).toHaveLength(1);
});
