import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { SAMPLE_METERS, samplePolicy } from '@jamnet/economy';
import type { Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandContext } from '../context.ts';
import { createProgram } from '../program.ts';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-desk-'));
const PAYEE = `p${'7'.repeat(32)}`;
const POLICY = samplePolicy({
  epochId: 'desk',
  meters: { ...SAMPLE_METERS, 'music/device-sessions': { kind: 'music', weight: 1 } },
  currencies: { accepted: ['EUR'], rateAgeDaysMax: 2 },
  hardware: {
    meter: 'music/device-sessions',
    rewards: { jamcaster: 1 },
    sessionMeritMin: 1,
    afterReward: 'keep',
  },
});
const file = (name: string, content: string | object): string => {
  const path = join(root, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const document = file('document.txt', 'what the figures were taken from');
const policy = file('policy.json', POLICY);
const HEADING = 'id,principal,product,amount,currency,receivedAt,refundOf';
const csv = file(
  'sales.csv',
  [
    HEADING,
    'a,ann,jambox,80.00,EUR,2026-01-05,',
    'b,ben,storage,5,USD,2026-01-05,',
    'c,ann,,-10,EUR,2026-02-01,a',
  ].join('\n'),
);
const PRODUCTS = ['--map', 'product=product', '--map', 'refundOf=refundOf'];
const RATE = ['revenue', 'rate', 'add', 'eur', '1.1', '--day', '2026-01-03', '--document', document];

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(['running', 'stopped'] as const)('the operator’s commands on a studio that is %s', (how) => {
  const data = join(root, how);
  let studio: Studio | null = null;

  beforeAll(async () => {
    studio = await openStudioIn(data);
    if (how === 'running') await studio.listen();
    else {
      await studio.close();
      studio = null;
    }
  });
  afterAll(async () => studio?.close());

  /** Runs `jamnet …` in this process; answers its stdout as JSON, or the code and exit code that it ended with. */
  async function run(...words: string[]): Promise<Record<string, unknown>> {
    const running = runJamnet(data, [...words, '--json']);
    return running.then(
      ({ out }) => JSON.parse(out),
      () => refusalOf(running),
    );
  }

  test('publish the rules, and no others for an epoch that has begun', async () => {
    expect(await run('policy', 'diff', policy)).toEqual({ code: 'no-policy', exitCode: 3 });
    expect(await run('policy', 'check', policy)).toMatchObject({ ok: true });
    const published = await run('policy', 'publish', policy);
    expect(published).toMatchObject({ governsFrom: 'desk' });
    expect(await run('policy', 'publish', policy)).toEqual(published);
    expect(await run('policy', 'diff', policy)).toEqual({ changes: [] });
    const other = file('other.json', { ...POLICY, version: 2, epochs: { kind: 'sample', id: 'next' } });
    expect(await run('policy', 'diff', other)).toMatchObject({
      changes: [{ path: '/epochs/id' }, { path: '/version' }],
    });
    expect(await run('policy', 'publish', file('wrong.json', { ...POLICY, version: 0 }))).toEqual({
      code: 'policy-malformed',
      exitCode: 2,
    });
    expect(await run('epoch', 'open')).toMatchObject({ id: 'desk', state: 'open' });
    expect(await run('epoch', 'close', 'desk')).toEqual({ code: 'valuation-missing', exitCode: 3 });
    expect(await run('policy', 'check', file('mark.json', { ...POLICY, name: 'a\u202eb' }))).toEqual({
      code: 'policy-malformed',
      exitCode: 2,
    });
    const half = file('half.json', { ...POLICY, contributorShare: { numerator: 1, denominator: 3 } });
    expect(await run('policy', 'publish', half)).toEqual({ code: 'share-below-half', exitCode: 2 });
  });

  test('import revenue: all of a file or nothing, in the policy’s currencies at posted rates', async () => {
    const bring = (path: string, ...more: string[]) => run('revenue', 'import', path, ...PRODUCTS, ...more);
    expect(await bring(csv)).toEqual({ code: 'rate-missing', exitCode: 3 });
    expect(await run(...RATE)).toEqual({ added: 1, repeated: 0 });
    expect(await run(...RATE)).toEqual({ added: 0, repeated: 1 });
    expect(await run(...RATE.with(4, '1.2'))).toEqual({ code: 'rate-differs', exitCode: 3 });
    expect(await run(...RATE.with(6, '2999-01-01'))).toEqual({ code: 'in-the-future', exitCode: 3 });
    expect(await run(...RATE.with(3, 'XAU'))).toEqual({ code: 'option-invalid', exitCode: 2 });
    expect(await bring(csv, '--dry-run')).toMatchObject({ good: 3, added: 3, checked: true });
    expect(await bring(csv)).toMatchObject({ good: 3, added: 3 });
    expect(await bring(csv)).toMatchObject({ good: 3, added: 0 });
    const line = (...lines: string[]) => bring(file('more.csv', [HEADING, ...lines].join('\n')));
    expect(await line('d,ann,storage,1,USD,2026-01-05,', 'e,ann,storage,1,GBP,2026-01-05,')).toEqual({
      code: 'currency-not-accepted',
      exitCode: 3,
    });
    expect(await line('d,ann,storage,1,USD,2026-01-05,', 'e,ann,piano,1,USD,2026-01-05,')).toEqual({
      code: 'unknown-product',
      exitCode: 3,
    });
    expect(await line('d,ann,storage,1,USD,2999-01-05,')).toEqual({ code: 'in-the-future', exitCode: 3 });
    expect(await line('d,ann,storage,one,USD,2026-01-05,')).toEqual({ code: 'lines-refused', exitCode: 2 });
    expect(await line('a,ann,jambox,81.00,EUR,2026-01-05,')).toEqual({
      code: 'receipt-differs',
      exitCode: 3,
    });
    expect(await run('revenue', 'seat', 'add', 'acme', 'ann')).toEqual({ added: 1, repeated: 0 });
    expect(await run('revenue', 'seat', 'add', 'other', 'ann')).toEqual({ code: 'seat-taken', exitCode: 3 });
    expect(await run('revenue', 'seat', 'list', 'acme')).toMatchObject([{ principal: 'ann', untilUs: null }]);
  });

  test('post valuations, each once and none of the future', async () => {
    const add = (value: string, dated: string, ...more: string[]) =>
      run(
        'valuation',
        'add',
        '--value',
        value,
        '--units',
        '10000000',
        '--dated',
        dated,
        '--approved-by',
        'board',
        '--document',
        document,
        ...more,
      );
    expect(await run('valuation', 'list')).toEqual([]);
    expect(await add('20000000', '2026-01-31')).toEqual({ added: 1, repeated: 0 });
    expect(await add('20000000', '2026-01-31')).toEqual({ added: 0, repeated: 1 });
    expect(await add('30000000', '2026-01-31')).toEqual({ code: 'valuation-differs', exitCode: 3 });
    expect(await add('20000000', '2999-01-31')).toEqual({ code: 'in-the-future', exitCode: 3 });
    expect(await add('0', '2026-02-28')).toEqual({ code: 'valuation-malformed', exitCode: 3 });
    expect(await add('much', '2026-02-28')).toEqual({ code: 'amount-malformed', exitCode: 2 });
    expect(await run('valuation', 'list')).toMatchObject([
      { id: 'valuation-2026-01-31', valueCents: '2000000000' },
    ]);
  });

  test('run redemptions in the directory that is named after the subcommand', async () => {
    expect(await run('redeem', 'status', '--data', data)).toEqual([]);
    expect(await run('redeem', 'run', '--data', data)).toMatchObject({ paidCents: '0' });
    expect(await run('redeem', 'status', '--data', join(root, 'nowhere'))).toEqual({
      code: 'data-directory-missing',
      exitCode: 3,
    });
    expect(await run('redeem', 'simulate', '--ask', '2')).toMatchObject({
      runs: [{ askPercent: 2 }],
    });
    expect(await run('redeem', 'simulate', '--reserve', '-1')).toEqual({
      code: 'option-invalid',
      exitCode: 2,
    });
  });

  test('book orders of devices and bind a device to its buyer', async () => {
    const order = [
      'hardware',
      'order',
      'o1',
      '--principal',
      'ann',
      '--product',
      'jamcaster',
      '--amount-minor',
      '9900',
    ];
    const placed = await run(...order);
    const [code = ''] = placed.codes as string[];
    expect(await run(...order.with(6, 'storage').with(2, 'o2'))).toEqual({
      code: 'product-not-hardware',
      exitCode: 3,
    });
    const claim = (text: string) =>
      run('hardware', 'claim', text, '--payee', PAYEE, '--key', join(root, `${how}.pem`));
    expect(await claim('nonsense')).toEqual({ code: 'claim-code-malformed', exitCode: 2 });
    expect(await claim(code)).toMatchObject({ state: 'claimed', payee: PAYEE });
    expect(await claim(code)).toMatchObject({ state: 'claimed' });
    expect(await run('hardware', 'session', 'ab'.repeat(20), '--key', join(root, `${how}.pem`))).toEqual({
      code: 'session-not-verified',
      exitCode: 3,
    });
    const refund = ['hardware', 'refund', 'o1', '--refund', 'r1', '--amount-minor'];
    expect(await run(...refund, '9901')).toEqual({ code: 'refund-too-large', exitCode: 3 });
    expect(await run(...refund, '9900')).toMatchObject({ undone: true, devices: [{ state: 'withheld' }] });
    expect(await run('hardware', 'orders')).toMatchObject([{ id: 'o1', state: 'undone' }]);
  });

  test('open, try and close an epoch; nothing changes its rules once it has begun', async () => {
    expect(await run('epoch', 'preview', 'never')).toEqual({ code: 'unknown-epoch', exitCode: 3 });
    const opened = await run('epoch', 'open');
    expect(opened).toMatchObject({ id: 'desk', state: 'open' });
    expect(await run('epoch', 'open')).toEqual(opened);
    const changed = file('changed.json', { ...POLICY, version: 2 });
    expect(await run('policy', 'publish', changed)).toEqual({
      code: 'policy-after-epoch-began',
      exitCode: 3,
    });
    // (80 − 10) € at 1.1 and $5 are $82; the order came and went.
    expect(await run('epoch', 'preview', 'desk')).toMatchObject({
      revenueCents: '8200',
      contributorShareCents: '4100',
    });
    expect(await run('epoch', 'close', 'desk')).toMatchObject({ revenueCents: '8200' });
    expect(await run('epoch', 'close', 'desk')).toMatchObject({ revenueCents: '8200' });
    expect(await run('epoch', 'preview', 'desk')).toEqual({ code: 'epoch-closed', exitCode: 3 });
    const pricing = { kind: 'fixed', centsPerUnit: { numerator: 100, denominator: 1 } };
    const real = { ...POLICY, sample: false, epochs: { kind: 'calendar-month' }, pricing, version: 3 };
    expect(await run('policy', 'publish', file('real.json', real))).toMatchObject({
      governsFrom: expect.stringMatching(/^\d{4}-\d{2}$/),
    });
    expect(await run('epoch', 'open')).toEqual({ code: 'policy-after-epoch-began', exitCode: 3 });
  });
});

test('a dry run of a file needs no studio, and says that nothing was checked against a policy', async () => {
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (piece) => {
    text += piece;
  });
  const streams = { stdout, stderr: stdout } as unknown as Pick<CommandContext, 'stdout' | 'stderr'>;
  const context = {
    checkout: CHECKOUT,
    dataDirectory: join(root, 'nowhere'),
    databaseUrl: undefined,
    ...streams,
  };
  await createProgram(context).parseAsync([
    'node',
    'jamnet',
    'revenue',
    'import',
    csv,
    ...PRODUCTS,
    '--dry-run',
    '--json',
  ]);
  expect(JSON.parse(text)).toMatchObject({ good: 3, checked: false });
});
