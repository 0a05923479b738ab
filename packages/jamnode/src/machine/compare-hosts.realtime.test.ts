import { expect, test } from 'vitest';
import { expectSeparated } from '../testing/expect-separated.ts';
import { compareHosts, softwareDriver } from './compare-hosts.ts';

test('a driver file that is none is told, and the rows without it stand', async () => {
  const { rows, webgpu } = await compareHosts('/nowhere/icd.json');
  expect(webgpu).toMatchObject({ ran: 'none', driver: '/nowhere/icd.json' });
  expect(webgpu.message).not.toBe('');
  expectSeparated(rows);
}, 1_300_000);

test('WebGPU agrees too, on a software driver where there is no card', async ({ skip }) => {
  const driver = softwareDriver();
  skip(
    driver === null,
    'NOT RUN: this machine has no software Vulkan driver (SwiftShader comes with Chromium).',
  );
  const { rows, webgpu } = await compareHosts(driver);
  expect(webgpu).toEqual({ ran: 'software', driver, message: null });
  expectSeparated(rows.filter(({ backend }) => backend === 'webgpu'));
}, 1_300_000);
