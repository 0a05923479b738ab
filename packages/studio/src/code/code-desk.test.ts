import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOOK_BYTES_MAX } from '@jamnet/attribution';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Studio } from '../studio.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';
import { CodeDesk } from './code-desk.ts';
import { CodeReader } from './code-reader.ts';
import { BOTS_MAX, parseRepositories, REPOSITORIES_MAX } from './mirrored-repositories.ts';

const SECRET = 'between the forge and us';
const NAME = 'forge.example/ada/mill';
const PERSON = 'Ada "the & mill" Jones';
const directory = mkdtempSync(join(tmpdir(), 'jamnet-code-desk-'));
const source = join(directory, 'source');

function git(...args: readonly string[]): string {
  const who = ['-c', `user.name=${PERSON}`, '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, '-C', source, ...args], { encoding: 'utf8' }).trim();
}

function pushEvent(delivery: string, more: object = {}) {
  const payload = { ref: 'refs/heads/main', repository: { clone_url: `https://${NAME}.git` }, ...more };
  const body = Buffer.from(JSON.stringify(payload));
  const headers: Record<string, string> = {
    'x-github-event': 'push',
    'x-github-delivery': delivery,
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  };
  return { body, headers };
}

beforeAll(() => {
  mkdirSync(source);
  git('init', '--quiet', '--initial-branch=main');
  writeFileSync(
    join(source, 'mill.js'),
    '// <script>alert(1)</script>\nexport function mill(n) {\n  return n * "</td>".length;\n}\n',
  );
  writeFileSync(join(source, 'run.mjs'), "import { mill } from './mill.js';\nconsole.log(mill(3));\n");
  writeFileSync(join(source, 'package.json'), '{"type":"module"}');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  mkdirSync(join(directory, 'code'));
  mkdirSync(join(directory, 'keys'));
  writeFileSync(join(directory, 'keys', 'git-webhook.secret'), `${SECRET}\n`);
  const workload = join(directory, 'workload.json');
  writeFileSync(workload, JSON.stringify({ command: ['node', 'run.mjs'], inputs: [], timeLimitSeconds: 60 }));
  const row = { repository: NAME, address: source, branch: 'main', workload };
  writeFileSync(join(directory, 'code', 'repositories.json'), JSON.stringify([row]));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('an event of a forge', () => {
  test('is looked at once, is read from git, and shows in pictures', async () => {
    let tell: (outcome: unknown) => void = () => undefined;
    const read = new Promise((resolve) => {
      tell = resolve;
    });
    const desk = new CodeDesk({
      dataDirectory: directory,
      nowUs: () => 0n,
      secrets: () => [SECRET],
      onRead: (_repository, outcome) => tell(outcome),
      onFailure: tell,
    });
    const { body, headers } = pushEvent('d-1', { after: 'f'.repeat(40) });
    const event = { forge: 'github' as const, body, header: (name: string) => headers[name] ?? '' };
    expect(desk.gitEvent(event)).toMatchObject({ ok: true, value: { fate: 'queued' } });
    expect(desk.gitEvent(event)).toMatchObject({ ok: true, value: { fate: 'repeated' } });
    // The head is git's, not the one that the event claims.
    expect(await read).toMatchObject({ type: 'read', head: git('rev-parse', 'HEAD'), isRewritten: false });
    const [found] = desk.summaries();
    expect(found).toMatchObject({
      slug: 'forge.example-ada-mill',
      summary: { repository: NAME, commits: 1 },
    });
    expect(found?.summary.files.map((file) => file.path).sort()).toEqual(['mill.js', 'run.mjs']);
    await desk.close();
  });
});

test('what fails after an event was answered is told, and the next event is looked at', async () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'jamnet-code-desk-'));
  mkdirSync(join(nowhere, 'code'));
  // Not an address that is mirrored: a reading ends at once, without git.
  const rows = [{ repository: NAME, address: 'ftp://forge.example', branch: 'main' }];
  writeFileSync(join(nowhere, 'code', 'repositories.json'), JSON.stringify(rows));
  const told: unknown[] = [];
  let read = 0;
  let wake: () => void = () => undefined;
  const desk = new CodeDesk({
    dataDirectory: nowhere,
    nowUs: () => 0n,
    secrets: () => [SECRET],
    onRead: () => {
      read += 1;
      throw new Error(`no space left ${read}`);
    },
    onFailure: (error) => {
      told.push(error);
      wake();
    },
  });
  for (const delivery of ['d-1', 'd-2']) {
    const { body, headers } = pushEvent(delivery);
    await new Promise<void>((resolve) => {
      wake = resolve;
      desk.gitEvent({ forge: 'github', body, header: (name) => headers[name] ?? '' });
    });
  }
  expect(told.map(String)).toEqual(['Error: no space left 1', 'Error: no space left 2']);
  await desk.close();
  rmSync(nowhere, { recursive: true, force: true });
});

test('a reading that cannot even begin leaves the next one its turn', async () => {
  const reader = new CodeReader();
  const options = {
    dataDirectory: directory,
    repository: { repository: NAME, address: 'ftp://forge.example', branch: 'main' },
    ...{ epochId: null, dependencyBudgetPpm: 0, paidCents: {} },
  };
  const repository = { ...options.repository, workloadFile: null, modulesDirectory: null, bots: [] };
  const broken = {
    ...options,
    get repository(): typeof repository {
      throw new Error('gone');
    },
  };
  const [first, second] = await Promise.allSettled([
    reader.read(broken),
    reader.read({ ...options, repository }),
  ]);
  expect(first).toMatchObject({ status: 'rejected' });
  expect(second).toMatchObject({ value: { type: 'refused', code: 'mirror-address-refused' } });
  await reader.close();
});

describe('a studio', () => {
  let studio: Studio;
  let url = '';
  beforeAll(async () => {
    studio = await openStudioIn(directory);
    url = await studio.listen();
  });
  afterAll(() => studio.close());

  async function post(forge: string, headers: Record<string, string>, body: Uint8Array) {
    const answer = await fetch(new URL(`/api/webhooks/git/${forge}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(body),
    });
    // Every answer of the API is one JSON object.
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  test('lets in whoever signs with its secret and nobody else', async () => {
    const { body, headers } = pushEvent('d-2', { ref: 'refs/heads/elsewhere' });
    expect(await post('github', headers, body)).toMatchObject({ status: 202, body: { fate: 'foreign' } });
    expect(await post('github', headers, body)).toMatchObject({ status: 202, body: { fate: 'repeated' } });
    const forged = { ...headers, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
    expect(await post('github', forged, body)).toMatchObject({
      status: 401,
      body: { code: 'webhook-signature-wrong' },
    });
    expect(await post('gitlab', headers, body)).toMatchObject({ status: 401 });
    const { 'x-github-delivery': _, ...unnamed } = headers;
    expect(await post('github', unnamed, body)).toMatchObject({
      status: 400,
      body: { code: 'webhook-malformed' },
    });
    expect((await post('elsewhere', headers, body)).status).toBe(400);
  });

  test('reads so much of an event and not one byte more', async () => {
    const { headers } = pushEvent('d-3');
    const statusOf = async (bytes: number): Promise<number> =>
      (await post('github', headers, new Uint8Array(bytes))).status;
    expect(await statusOf(HOOK_BYTES_MAX)).toBe(401);
    expect(await statusOf(HOOK_BYTES_MAX + 1)).toBe(413);
  });

  test('shows the code with owners and heat, and hostile names and lines as text', async () => {
    const textOf = async (path: string): Promise<string> => (await fetch(new URL(path, url))).text();
    const slug = '/reports/code/forge.example-ada-mill';
    expect(await textOf('/reports/code')).toContain(`href="${slug}"`);
    const front = await textOf(slug);
    expect(front).toContain('Ada &quot;the &amp; mill&quot; Jones');
    const file = await textOf(`${slug}/file?path=mill.js`);
    expect(file).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(file).not.toContain('<script>');
    const person = /people\/[0-9a-f]{32}/.exec(front)?.[0] ?? '';
    expect(await textOf(`${slug}/${person}`)).toContain('mill.js:3');
    expect(front + file).not.toContain('ada@example.org');
  });

  test('speaks German to browsers that would rather have it, on every page of code', async () => {
    const slug = '/reports/code/forge.example-ada-mill';
    const german = async (path: string): Promise<string> => {
      const answer = await fetch(new URL(path, url), {
        headers: { 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' },
      });
      expect(answer.headers.get('vary')).toContain('accept-language');
      const page = await answer.text();
      expect(page).toContain('<html lang="de">');
      const words = page.replace(/<code>.*?<\/code>|<[^>]*>/gs, ' ');
      expect(words).not.toMatch(
        /\b(?:earns?|statements?|people|files|share|written|others|anybody|first)\b/i,
      );
      return page;
    };
    expect(await german('/reports/code')).toContain('Jede Anweisung gehört');
    const front = await german(slug);
    expect(await german(`${slug}/file?path=mill.js`)).toContain('Farbige Zeilen verdienen');
    const person = /people\/[0-9a-f]{32}/.exec(front)?.[0] ?? '';
    expect(await german(`${slug}/${person}`)).toContain('zuerst geschrieben');
    expect(await german('/reports/code/none')).toContain('Solchen Code gibt es hier nicht');
    const english = await fetch(new URL(slug, url), { headers: { 'accept-language': 'en;q=0.9,de;q=0.3' } });
    expect(await english.text()).toContain('<html lang="en">');
  });

  test.each([
    '/reports/code/none',
    '/reports/code/forge.example-ada-mill/file?path=..%2F..%2Fkeys',
    `/reports/code/forge.example-ada-mill/people/${'0'.repeat(32)}`,
    '/reports/code/..%2F..',
  ])('says that there is nothing at %s', async (path) => {
    expect([400, 404]).toContain((await fetch(new URL(path, url))).status);
  });
});

describe('the list of repositories', () => {
  const row = { repository: NAME, address: '/x' };
  test.each([
    ['no JSON', '{'],
    ['no list', '{}'],
    ['a row without an address', JSON.stringify([{ repository: NAME }])],
    ['a name that is none', JSON.stringify([{ ...row, repository: 'mill' }])],
    ['a repository twice', JSON.stringify([row, row])],
    ['a branch that is a number', JSON.stringify([{ ...row, branch: 7 }])],
  ])('with %s is refused with an example', (_what, text) => {
    expect(parseRepositories(text, 'repositories.json')).toMatchObject({
      ok: false,
      code: 'repositories-malformed',
      message: expect.stringContaining('codeberg.org/ada/mill'),
    });
  });

  test('may hold so many and not one more', () => {
    const rows = (count: number): string =>
      JSON.stringify(Array.from({ length: count }, (_, n) => ({ ...row, repository: `${NAME}${n}` })));
    expect(parseRepositories(rows(REPOSITORIES_MAX), 'f').ok).toBe(true);
    expect(parseRepositories(rows(REPOSITORIES_MAX + 1), 'f').ok).toBe(false);
    const withBots = (bots: unknown): string =>
      JSON.stringify([{ repository: 'h/o/n', address: '/m', bots }]);
    const many = Array.from({ length: BOTS_MAX }, (_, n) => `bot-${n}`);
    expect(parseRepositories(withBots(many), 'f')).toMatchObject({ ok: true, value: [{ bots: many }] });
    for (const bots of [[...many, 'one more'], 'ci', [1]])
      expect(parseRepositories(withBots(bots), 'f').ok).toBe(false);
  });
});
