import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CodePicture, type IdentityRequest, personId } from '@jamnet/attribution';
import type { Result } from '@jamnet/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodeFolder } from './code-folder.ts';
import { CLAIMS_WAITING_MAX, IdentityDesk } from './identity-desk.ts';
import { mirrorDirectory, slugOf } from './mirrored-repositories.ts';

const PAYEE = `p${'a'.repeat(32)}`;
const OTHER = `p${'b'.repeat(32)}`;
const [MILL, WHEEL] = ['codeberg.org/ada/mill', 'codeberg.org/bo/wheel'];
const EMAIL = 'ada@example.org';

let directory = '';
let desk: IdentityDesk;
/** Addresses of keys that were asked for, and what the forge says. */
let asked: string[] = [];
let published: string | null = null;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-identity-desk-'));
  asked = [];
  mkdirSync(join(directory, 'code'));
  const rows = [MILL, WHEEL].map((repository) => ({ repository, address: `https://${repository}.git` }));
  writeFileSync(join(directory, 'code', 'repositories.json'), JSON.stringify(rows));
  desk = new IdentityDesk({
    dataDirectory: directory,
    economy: {
      // Of the wallet only what waits is looked at.
      walletHead: async () => ({ escrowMicroJam: 5_000_000n }) as never,
    },
    nowUs: () => 1_000_000n,
    fetchKeys: async (address) => {
      asked.push(address);
      return published;
    },
  });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A mirror with one commit by Ada; `listed`: public keys that speak for her address there. */
function mirror(repository: string, listed: readonly string[]): void {
  const folder = join(directory, 'source', slugOf(repository));
  mkdirSync(folder, { recursive: true });
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', `user.email=${EMAIL}`, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  writeFileSync(join(folder, 'mill.ts'), 'export const wheel = 1;\n');
  if (listed.length > 0)
    writeFileSync(
      join(folder, '.allowed_signers'),
      listed.map((key) => `${EMAIL} namespaces="jamnet-identity" ${key}\n`).join(''),
    );
  git('add', '.');
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', 'A wheel');
  git('clone', '--quiet', '--bare', folder, mirrorDirectory(directory, repository));
}

/** The public half of a key that is made when it is first asked for. */
function keyOf(name: string): string {
  const file = join(directory, 'keys-of-people', name);
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file))
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

function sign(name: string, text: string): string {
  keyOf(name);
  const file = join(directory, 'keys-of-people', name);
  return execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', file, '-n', 'jamnet-identity'], {
    input: text,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

const claim = (changes: object = {}): IdentityRequest => ({
  ...{ kind: 'claim', email: EMAIL, payee: PAYEE },
  ...changes,
});

test('an address is claimed by a key that its repository lists, shown with its code and what waits, and let go of again', async () => {
  mirror(MILL, [keyOf('ada')]);
  new CodeFolder(directory).write(pictureOf(MILL, personId(EMAIL)));
  const plan = must(await desk.plan(claim()));
  expect(plan).toMatchObject({ way: 'repositories', repositories: [MILL], namespace: 'jamnet-identity' });
  const signature = sign('ada', plan.challenge);
  expect(must(await desk.enter(claim(), signature))).toMatchObject({
    ...{ number: '1', kind: 'claim', payee: PAYEE, isHeld: true, packages: null },
    code: [{ slug: 'codeberg.org-ada-mill', repository: MILL, name: 'Ada', share: 750_000_000 }],
    waitingMicroJam: '5000000',
  });
  expect(await desk.plan(claim({ payee: OTHER }))).toMatchObject({ code: 'identity-taken' });
  const release = claim({ kind: 'release' });
  expect(await desk.plan(claim({ kind: 'release', payee: OTHER }))).toMatchObject({
    code: 'identity-not-held',
  });
  // Signed for the claim, which is done: it says nothing about letting go.
  expect(await desk.enter(release, signature)).toMatchObject({ code: 'identity-signature-wrong' });
  must(await desk.enter(release, sign('ada', must(await desk.plan(release)).challenge)));
  expect(
    must(await desk.own(PAYEE, null, 9)).map(({ number, kind, isHeld }) => [number, kind, isHeld]),
  ).toEqual([
    ['2', 'release', false],
    ['1', 'claim', false],
  ]);
  expect(must(await desk.own(PAYEE, 2n, 9)).map(({ number }) => number)).toEqual(['1']);
  expect(must(await desk.own(OTHER, null, 9))).toEqual([]);
  // The old signature was for the first change of hands.
  expect(await desk.enter(claim(), signature)).toMatchObject({ code: 'identity-signature-wrong' });
});

test('every repository with commits of an address must list the key: one alone cannot give it away', async () => {
  mirror(MILL, [keyOf('ada')]);
  mirror(WHEEL, [keyOf('eve')]);
  const plan = must(await desk.plan(claim()));
  expect(plan.repositories).toEqual([MILL, WHEEL]);
  for (const name of ['ada', 'eve'])
    expect(await desk.enter(claim(), sign(name, plan.challenge))).toMatchObject({
      code: 'identity-signature-wrong',
      message: expect.stringContaining(name === 'ada' ? WHEEL : MILL),
    });
  expect(must(await desk.own(PAYEE, null, 9))).toEqual([]);
});

test('an address without a commit here is nobody’s to claim', async () => {
  mirror(MILL, [keyOf('ada')]);
  expect(await desk.plan(claim({ email: 'cy@example.org' }))).toMatchObject({ code: 'address-without-code' });
  expect(await desk.enter(claim({ email: 'cy@example.org' }), 'x')).toMatchObject({
    code: 'address-without-code',
  });
});

test('an address that a forge made is shown by the keys of its account, asked of that forge alone', async () => {
  const email = 'ada@noreply.codeberg.org';
  const plan = must(await desk.plan(claim({ email })));
  const keys = 'https://codeberg.org/ada.keys';
  expect(plan).toMatchObject({ way: 'account', keysAddresses: [keys, 'https://codeberg.org/ada.gpg'] });
  const signature = sign('ada', plan.challenge);
  published = null;
  expect(await desk.enter(claim({ email }), signature)).toMatchObject({ code: 'account-keys-unreachable' });
  published = keyOf('eve');
  expect(await desk.enter(claim({ email }), signature)).toMatchObject({ code: 'identity-signature-wrong' });
  published = keyOf('ada');
  expect(must(await desk.enter(claim({ email }), signature)).key).toMatch(/^SHA256:.* of codeberg.org\/ada$/);
  expect(asked).toEqual([keys, keys, keys]);
  // No listed repository lies there: nobody asks such a host.
  const elsewhere = claim({ email: 'ada@noreply.forge.evil.example' });
  expect(await desk.enter(elsewhere, signature)).toMatchObject({ code: 'address-without-code' });
  expect(asked).toHaveLength(3);
});

test.each(['forge.example/left/pad', 'localhost/left/pad', '127.0.0.1/left/pad', 'box.local/left/pad'])(
  'packages that no repository here runs, or whose home is no public host, are not fetched: %s',
  async (packages) => {
    new CodeFolder(directory).write(
      pictureOf(MILL, personId(EMAIL), ['localhost/left/pad', 'box.local/left/pad', '127.0.0.1/left/pad']),
    );
    expect(await desk.plan({ kind: 'claim', packages, payee: PAYEE })).toMatchObject({
      code: 'packages-unknown',
    });
  },
);

test('packages that run here are shown by what is committed in their repository', async () => {
  const packages = 'forge.example/left/pad';
  new CodeFolder(directory).write(pictureOf(MILL, personId(EMAIL), [packages]));
  const plan = must(await desk.plan({ kind: 'claim', packages, payee: PAYEE }));
  expect(plan).toMatchObject({ way: 'committed', repositories: [packages], files: ['.jamnet-claim'] });
  expect(plan.challenge).toContain(`packages ${packages}\npayee ${PAYEE}\n`);
});

test('so many claims wait for their check and not one more', async () => {
  mirror(MILL, [keyOf('ada')]);
  const waiting = Array.from({ length: CLAIMS_WAITING_MAX }, () => desk.enter(claim(), 'no signature'));
  expect(await desk.enter(claim(), 'no signature')).toMatchObject({ code: 'claims-waiting' });
  for (const one of await Promise.all(waiting))
    expect(one).toMatchObject({ code: 'identity-signature-wrong' });
  // There is room again.
  expect(await desk.enter(claim(), 'no signature')).toMatchObject({ code: 'identity-signature-wrong' });
});

/** A repository of which Ada owns three quarters of what earns. */
function pictureOf(repository: string, person: string, packages: readonly string[] = []): CodePicture {
  const ada = { id: person, name: 'Ada', share: 750_000_000, statements: 3 };
  return {
    files: [],
    people: [{ ...ada, earning: [] }],
    summary: {
      ...{ repository, head: '1'.repeat(40), commits: 1, statements: 4, gated: [], gate: 'run' },
      dependencies: packages.map((one) => ({
        ...{ repository: one, packages: ['pad@1.0.0'], isDirect: true, uses: 1, share: 1, funding: [] },
      })),
      ...{ dependencyUse: 'run', toolVersion: 'v', inputHash: 'h', problem: null, files: [] },
      people: [ada],
    },
  };
}
