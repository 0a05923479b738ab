import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GpuReading } from '../rules/judge-rules.ts';
import type { AskTool } from './ask-tool.ts';

/** PCI ids of vendors (pci-ids.ucw.cz). NVIDIA's own tool tells more than its driver's files. */
const VENDORS: Readonly<Record<string, string>> = {
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x10de': 'NVIDIA',
};
const NVIDIA_FIELDS = 'name,temperature.gpu,power.draw,utilization.gpu';
const GPUS_MAX = 64;

/**
 * Every graphics card that this system names, in its order. Linux: `/sys/class/drm` with hwmon (kernel documentation,
 * Documentation/hwmon/sysfs-interface.rst: millidegrees, microwatts), and `nvidia-smi` everywhere. What is not told is `null`.
 */
export async function readGpus(ask: AskTool, drmDirectory = '/sys/class/drm'): Promise<GpuReading[]> {
  const answer = await ask('nvidia-smi', [`--query-gpu=${NVIDIA_FIELDS}`, '--format=csv,noheader,nounits']);
  const nvidia = answer === null ? null : parseNvidia(answer);
  const others = readDrm(drmDirectory).filter((card) => nvidia === null || !card.name.startsWith('NVIDIA'));
  return [...(nvidia ?? []), ...others].slice(0, GPUS_MAX).map((card, n) => ({ ...card, id: `gpu${n}` }));
}

type Card = Omit<GpuReading, 'id'>;

/** Lines as `NVIDIA GeForce RTX 3060, 41, 15.27, 0`; a field that the card lacks is `[N/A]`. */
export function parseNvidia(text: string): Card[] {
  const lines = text.split('\n').filter((line) => line.split(',').length >= 4);
  return lines.map((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const [temperatureCelsius, powerWatts, busyPercent] = fields.slice(-3).map(numberOrNull);
    return {
      name: fields.slice(0, -3).join(', ').slice(0, 128),
      temperatureCelsius: temperatureCelsius ?? null,
      powerWatts: powerWatts ?? null,
      busyPercent: busyPercent ?? null,
    };
  });
}

function readDrm(directory: string): Card[] {
  const cards = namesIn(directory).filter((name) => /^card\d+$/.test(name));
  return cards.sort().flatMap((card) => {
    const device = join(directory, card, 'device');
    const vendor = textOf(join(device, 'vendor'));
    if (vendor === null) return []; // A display without a PCI card behind it, such as a virtual one.
    const sensors = namesIn(join(device, 'hwmon')).map((name) => join(device, 'hwmon', name));
    const first = (file: string): number | null =>
      sensors.map((sensor) => numberOrNull(textOf(join(sensor, file)))).find((value) => value !== null) ??
      null;
    const power = first('power1_average') ?? first('power1_input');
    const heat = first('temp1_input');
    return [
      {
        name: `${VENDORS[vendor] ?? vendor} ${textOf(join(device, 'device')) ?? ''}`.trim(),
        temperatureCelsius: heat === null ? null : heat / 1000,
        powerWatts: power === null ? null : power / 1e6,
        busyPercent: numberOrNull(textOf(join(device, 'gpu_busy_percent'))),
      },
    ];
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // Not Linux, no cards, or not ours to read: absent.
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null; // A sensor that sleeps or is missing.
  }
}

function numberOrNull(text: string | null): number | null {
  return text !== null && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}
