import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AgreementRow } from './agreement.ts';
import { askChild } from './ask-child.ts';
import { listDevices } from './list-devices.ts';

/** Agreement of the three back ends that hosts compute on. */
export interface HostsCompared {
  readonly rows: readonly AgreementRow[];
  readonly webgpu: {
    /** `gpu`: the system names a card. `software`: a driver that computes on the processor. `none`: nothing computed. */
    readonly ran: 'gpu' | 'software' | 'none';
    /** The Vulkan driver file that was named to it; `null`: the system's own. */
    readonly driver: string | null;
    /** Why nothing computed. */
    readonly message: string | null;
  };
}

/** Where Chromium and Chrome bring SwiftShader, a Vulkan driver in software: Debian, Fedora, Chrome, Ubuntu. */
const SOFTWARE_DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
];

/** A Vulkan driver in software on this machine; `null`: none found. */
export function softwareDriver(): string | null {
  return SOFTWARE_DRIVERS.find((file) => existsSync(file)) ?? null;
}

/**
 * Computes our models as WebAssembly and by WebGPU, honestly and with cheaper weights, beside ONNX Runtime's own code.
 * WebGPU takes the system's driver where a card is named, else `driver`, else SwiftShader where it is found. Never rejects.
 */
export async function compareHosts(driver: string | null = null): Promise<HostsCompared> {
  const hasCard = (await listDevices()).gpus.length > 0;
  const chosen = driver ?? (hasCard ? null : softwareDriver());
  const program = 'agreement-main.ts';
  const wasm = await askChild<AgreementRow[]>(program, ['wasm']);
  // A driver's library lies beside its file, and with Chromium's also the loader, which a server may lack.
  const environment = chosen ? { VK_ICD_FILENAMES: chosen, LD_LIBRARY_PATH: dirname(chosen) } : {};
  const webgpu = await askChild<AgreementRow[]>(program, ['webgpu'], environment);
  const ran = !webgpu.ok ? 'none' : chosen === null && hasCard ? 'gpu' : 'software';
  return {
    rows: [...(wasm.ok ? wasm.value : []), ...(webgpu.ok ? webgpu.value : [])],
    webgpu: { ran, driver: chosen, message: webgpu.ok ? null : webgpu.message },
  };
}
