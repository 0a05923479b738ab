import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Forge, type HookRequest, readHook } from './read-hook.ts';
import { HOOK_AGE_SECONDS_MAX } from './signature.ts';

const SECRET = 'a secret of ours';
const NOW_SECONDS = 1_790_000_000;
const hexOf = (body: string, secret = SECRET): string =>
  createHmac('sha256', secret).update(body).digest('hex');

function request(
  forge: Forge,
  body: string,
  headers: Record<string, string>,
  more: Partial<HookRequest> = {},
): HookRequest {
  const given = {
    headers: (name: string) => headers[name] ?? '',
    secrets: [SECRET],
    nowSeconds: NOW_SECONDS,
  };
  return { forge, body: Buffer.from(body), ...given, ...more };
}

function github(event: string, payload: unknown, delivery = 'd-1'): HookRequest {
  const body = JSON.stringify(payload);
  return request('github', body, {
    'x-github-event': event,
    'x-github-delivery': delivery,
    'x-hub-signature-256': `sha256=${hexOf(body)}`,
  });
}

function forgejo(name: 'forgejo' | 'gitea', event: string, payload: unknown): HookRequest {
  const body = JSON.stringify(payload);
  return request('forgejo', body, {
    [`x-${name}-event`]: event,
    [`x-${name}-delivery`]: 'd-2',
    [`x-${name}-signature`]: hexOf(body),
    'x-github-event': event,
  });
}

function gitlab(payload: unknown, token = SECRET): HookRequest {
  const headers = {
    'x-gitlab-token': token,
    'x-gitlab-event': 'Push Hook',
    'idempotency-key': 'f1c-33',
    'x-gitlab-event-uuid': 'e-9',
  };
  return request('gitlab', JSON.stringify(payload), headers);
}

const REPOSITORY = { clone_url: 'https://forge.example/Ada/Mill.git', full_name: 'Ada/Mill' };
const PUSH = {
  ref: 'refs/heads/main',
  before: 'a',
  after: 'b',
  forced: true,
  repository: REPOSITORY,
  commits: [{}, {}],
};
const MERGED = {
  action: 'closed',
  repository: REPOSITORY,
  pull_request: { merged: true, base: { ref: 'main' } },
};

describe('an event of a forge', () => {
  test('is a push with repository and branch, whoever sends it', () => {
    const push = { kind: 'push', repository: 'forge.example/ada/mill', branch: 'main' };
    const lab = { object_kind: 'push', ref: PUSH.ref, project: { git_http_url: REPOSITORY.clone_url } };
    expect(readHook(github('push', PUSH))).toMatchObject({ ok: true, value: { ...push, deliveryId: 'd-1' } });
    for (const name of ['forgejo', 'gitea'] as const)
      expect(readHook(forgejo(name, 'push', PUSH))).toMatchObject({ value: { ...push, deliveryId: 'd-2' } });
    expect(readHook(gitlab(lab))).toMatchObject({ ok: true, value: { ...push, deliveryId: 'f1c-33' } });
  });

  test('is a merge when a request was merged, and nothing to fetch when it was only closed', () => {
    const merge = { kind: 'merge', branch: 'main' };
    expect(readHook(github('pull_request', MERGED))).toMatchObject({ value: merge });
    expect(readHook(forgejo('gitea', 'pull_request', MERGED))).toMatchObject({ value: merge });
    const attributes = { action: 'merge', target_branch: 'main' };
    const project = { git_http_url: REPOSITORY.clone_url };
    const lab = { object_kind: 'merge_request', project, object_attributes: attributes };
    expect(readHook(gitlab(lab))).toMatchObject({ value: merge });
    const closed = { ...MERGED, pull_request: { merged: false, base: { ref: 'main' } } };
    expect(readHook(github('pull_request', closed))).toMatchObject({ value: { kind: 'other' } });
    const opened = { ...lab, object_attributes: { ...attributes, action: 'open' } };
    expect(readHook(gitlab(opened))).toMatchObject({ value: { kind: 'other' } });
    expect(readHook(github('ping', { zen: '', repository: REPOSITORY }))).toMatchObject({
      value: { kind: 'other' },
    });
  });

  test('names no branch when a tag was pushed', () => {
    expect(readHook(github('push', { ...PUSH, ref: 'refs/tags/v1' }))).toMatchObject({
      value: { branch: null },
    });
  });
});

describe('a signature', () => {
  test('is GitHub’s own example', () => {
    const example = request(
      'github',
      'Hello, World!',
      {
        'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
        'x-github-delivery': 'd',
      },
      { secrets: ["It's a Secret to Everybody"] },
    );
    // Signed rightly, and then found to be no JSON.
    expect(readHook(example)).toMatchObject({ code: 'webhook-malformed' });
    expect(readHook({ ...example, body: Buffer.from('Hello, World?') })).toMatchObject({
      code: 'webhook-signature-wrong',
    });
  });

  test.each([
    ['another secret', github('push', PUSH), { secrets: ['another'] }],
    ['no signature', request('github', JSON.stringify(PUSH), { 'x-github-delivery': 'd' }), {}],
    [
      'GitHub’s form sent to the address of Forgejo',
      { ...github('push', PUSH), forge: 'forgejo' as const },
      {},
    ],
    ['an empty token', gitlab({}, ''), {}],
    ['a token that is a beginning of ours', gitlab({}, SECRET.slice(0, -1)), {}],
    ['one byte more', github('push', PUSH), { body: Buffer.from(`${JSON.stringify(PUSH)} `) }],
  ])('with %s is refused', (_what, good, change) => {
    expect(readHook({ ...good, ...change })).toMatchObject({ ok: false, code: 'webhook-signature-wrong' });
  });

  test('of Forgejo that is wrong is not rescued by a good one of Gitea', () => {
    const body = JSON.stringify(PUSH);
    const headers = {
      'x-forgejo-signature': hexOf(body, 'x'),
      'x-gitea-signature': hexOf(body),
      'x-gitea-delivery': 'd',
    };
    expect(readHook(request('forgejo', body, headers))).toMatchObject({ code: 'webhook-signature-wrong' });
  });

  test('may be by the old secret while a new one replaces it', () => {
    expect(readHook({ ...github('push', PUSH), secrets: ['new one', SECRET] })).toMatchObject({ ok: true });
  });

  test('by a signing token of GitLab holds for five minutes', () => {
    const body = JSON.stringify({ object_kind: 'push' });
    const at = (seconds: number): HookRequest => {
      const signed = createHmac('sha256', Buffer.from('c2VjcmV0', 'base64'))
        .update(`m-1.${seconds}.${body}`)
        .digest('base64');
      const headers = {
        'webhook-id': 'm-1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,AAAA v1,${signed}`,
      };
      return request('gitlab', body, headers, { secrets: ['whsec_c2VjcmV0'] });
    };
    expect(readHook(at(NOW_SECONDS - HOOK_AGE_SECONDS_MAX))).toMatchObject({ value: { deliveryId: 'm-1' } });
    for (const seconds of [
      NOW_SECONDS - HOOK_AGE_SECONDS_MAX - 1,
      NOW_SECONDS + HOOK_AGE_SECONDS_MAX + 1,
      -5,
    ])
      expect(readHook(at(seconds))).toMatchObject({ code: 'webhook-signature-wrong' });
  });

  test('cannot be made where no secret is set up', () => {
    expect(readHook({ ...github('push', PUSH), secrets: [] })).toMatchObject({ code: 'webhook-not-set-up' });
  });
});

test('signed nonsense is refused or is nothing to fetch, and never throws', () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('', 'null', '[]', '{"repository":7,"ref":[]}'),
  );
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom('push', 'pull_request', ''),
      fc.constantFrom('d', '', 'a b', 'x'.repeat(200)),
      (body, event, delivery) => {
        const headers = {
          'x-hub-signature-256': `sha256=${hexOf(body)}`,
          'x-github-event': event,
          'x-github-delivery': delivery,
        };
        const read = readHook(request('github', body, headers));
        if (read.ok) expect(read.value.repository === null || delivery === 'd').toBe(true);
        else expect(read.code).toBe('webhook-malformed');
      },
    ),
  );
});
