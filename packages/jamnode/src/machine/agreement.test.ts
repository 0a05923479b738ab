import { test } from 'vitest';
import { expectSeparated } from '../testing/expect-separated.ts';
import { measureAgreement } from './agreement.ts';

test('hosts that compute as WebAssembly agree with the trusted re-run, and every cheaper model is below its gate', async () => {
  const measured = await measureAgreement('wasm');
  if (!measured.ok) throw new Error(measured.message);
  expectSeparated(measured.value);
});
