import { isAbsolute } from 'node:path';
import type { ConfigIssue } from './read-settings.ts';
import type { SettingName } from './settings.ts';

/** Where takes and models are kept a second time. */
export type ObjectsPlace =
  | { readonly kind: 'directory'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Empty, or ends in `/`. */
      readonly prefix: string;
      /** Undefined: Amazon's own. */
      readonly endpoint: string | undefined;
      readonly region: string;
      /** Undefined: as the machine's role has them. */
      readonly keys: { readonly id: string; readonly secret: string } | undefined;
    };

export type RawObjectsPlace = {
  readonly [name in Extract<SettingName, `objects${string}`>]?: string | undefined;
};

/** `s3://BUCKET` or `s3://BUCKET/PREFIX`; bucket names as Amazon has them. */
const S3_PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.=-][\w./=-]{0,199}))?\/?$/;
const REGION = 'us-east-1';

/** `null`: in the data directory alone. */
export function parseObjectsPlace(raw: RawObjectsPlace, issues: ConfigIssue[]): ObjectsPlace | null {
  const { objects, objectsEndpoint, objectsRegion, objectsKeyId, objectsSecret } = raw;
  const tell = (setting: SettingName, message: string): void => {
    issues.push({ setting, message });
  };
  const isKeyed = objectsKeyId !== undefined;
  if (isKeyed !== (objectsSecret !== undefined))
    tell('objectsKeyId', 'JAMNET_OBJECTS_KEY_ID and JAMNET_OBJECTS_SECRET belong together.');
  if (objectsEndpoint !== undefined && !/^https?:\/\/[^\s/?#]+\/?$/.test(objectsEndpoint))
    tell('objectsEndpoint', `--objects-endpoint ${objectsEndpoint} is no http(s)://HOST[:PORT].`);
  if (objects === undefined) {
    if (objectsEndpoint !== undefined || objectsRegion !== undefined || isKeyed)
      tell(
        'objects',
        'Say with --objects s3://BUCKET/PREFIX which bucket the endpoint, region and keys are for.',
      );
    return null;
  }
  if (!objects.startsWith('s3://')) {
    if (!isAbsolute(objects))
      tell(
        'objects',
        `--objects ${objects} is neither s3://BUCKET/PREFIX nor the absolute path of a directory.`,
      );
    return { kind: 'directory', directory: objects };
  }
  const [, bucket = '', prefix = ''] = S3_PLACE.exec(objects) ?? [];
  if (bucket === '') tell('objects', `--objects ${objects} names no bucket: give s3://BUCKET/PREFIX.`);
  const keys = isKeyed ? { id: objectsKeyId, secret: objectsSecret ?? '' } : undefined;
  const end = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const region = objectsRegion ?? REGION;
  return { kind: 's3', bucket, prefix: end, endpoint: objectsEndpoint, region, keys };
}
