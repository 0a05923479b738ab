import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../apps/cli/src/context.ts';
import { CommandError } from '../../apps/cli/src/exit-codes.ts';
import { createProgram } from '../../apps/cli/src/program.ts';
import { createServer } from '../../packages/studio/src/http/server.ts';
import { EPOCH, fillBooks, PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const [, SECOND = '', THIRD = ''] = PAYEES;

let directory = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-report-commands-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  const made = await openStudioIn(directory);
  await made.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs `jamnet …` in this process; answers what it printed, or the code it ended with. */
async function jamnet(...words: readonly string[]): Promise<string> {
  let said = '';
  // Only `write` of the streams is used by commands.
  const stream = {
    write: (text: string) => {
      said += text;
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  const quiet = { write: () => true } as unknown as NodeJS.WriteStream;
  const context: CommandContext = {
    checkout: CHECKOUT,
    dataDirectory: directory,
    databaseUrl: undefined,
    stdout: stream,
    stderr: quiet,
  };
  try {
    await createProgram(context).parseAsync(['node', 'jamnet', ...words]);
    return said;
  } catch (error) {
    if (error instanceof CommandError) return `ended: ${error.code}`;
    throw error;
  }
}

describe('reports on the command line', () => {
  it('of a stopped studio: success, tax year, cap table', async () => {
    expect(await jamnet('report', 'success')).toMatch(/Share returned: 50\.00 %[\s\S]*proof: leaf \d+/);
    const tax = join(directory, 'tax.csv');
    await jamnet('report', 'tax', `${new Date().getUTCFullYear()}`, '--csv', '--out', tax);
    expect(readFileSync(tax, 'utf8')).toMatch(/^year,basis,payee,name,tax_form,tin,/);
    expect(statSync(tax).mode & 0o077).toBe(0);
    const out = join(directory, 'cap-table');
    await jamnet('cap-table', 'export', '--out', out, '--formed', '2025-03-01', '--country', 'US');
    expect(readdirSync(out)).toHaveLength(6);
    expect(readFileSync(join(out, 'Manifest.ocf.json'), 'utf8')).toContain('"formation_date": "2025-03-01"');
    expect(await jamnet('report', 'statement', SECOND, 'nothing')).toBe('ended: epoch-not-closed');
    expect(await jamnet('report', 'tax', '2026', '--basis', 'luck')).toBe('ended: request-invalid');
  });

  it('of a running studio: leaderboard, price, statement, link, name, perks', async () => {
    const studio = await openStudioIn(directory, false);
    const server = createServer(studio.services);
    const address = join(directory, 'studio.url');
    try {
      const url = await server.listen({ host: '127.0.0.1', port: 0 });
      writeFileSync(address, url);
      expect(await jamnet('report', 'leaderboard', '--kind', 'code', '--json')).toContain(
        `"payee":"${THIRD}"`,
      );
      expect(await jamnet('report', 'price')).toMatch(/3\.1250 +31250000\.00/);
      expect(await jamnet('report', 'statement', SECOND, EPOCH)).toMatch(/JAM and \$0\.00 in cash\n/);
      expect(await jamnet('report', 'statement', SECOND, EPOCH, '--csv')).toMatch(/^epoch,closed_at,/);
      const [path = ''] = (await jamnet('report', 'link', SECOND, EPOCH)).split('\n');
      expect((await fetch(url + path)).status).toBe(200);
      expect((await fetch(url + path.replace(/until=\d/, 'until=9'))).status).toBe(401);
      expect(await jamnet('report', 'name', SECOND, 'Bo')).toContain('is shown as Bo');
      expect(await jamnet('report', 'leaderboard')).toContain('Bo');
      expect(await jamnet('report', 'name', SECOND)).toContain('pseudonym again');

      expect(await jamnet('perk', 'list')).toContain('ai-hour');
      const redeem = ['perk', 'redeem', SECOND, 'hardware-dollar', '--quantity', '5', '--key', 'k', '--json'];
      const asked = JSON.parse(await jamnet(...redeem)) as { state: string; id: string };
      expect(asked.state).toBe('waiting');
      expect(JSON.parse(await jamnet(...redeem))).toMatchObject({ id: asked.id });
      expect(await jamnet('perk', 'status', SECOND)).toMatch(/5 × dollar off .*waiting: .* set aside/);
      expect(await jamnet('perk', 'settle')).toContain('1 waiting');
      expect(await jamnet('perk', 'redeem', SECOND, 'yacht')).toBe('ended: perk-unknown');
      expect(existsSync(join(directory, 'public', 'epochs', `${EPOCH}.json`))).toBe(true);
    } finally {
      rmSync(address, { force: true });
      await server.close();
      await studio.close();
    }
  });
});
