import type { MachineReading } from '../rules/judge-rules.ts';
import { weekMinuteOf } from '../rules/schedule.ts';
import { askTool } from './ask-tool.ts';
import { readGpus } from './gpus.ts';
import { readInputIdle } from './input-idle.ts';

/** This machine as its rules see it, now. */
export async function readMachine(): Promise<MachineReading> {
  const places = { platform: process.platform, root: '/', nowMs: Date.now };
  const [gpus, idle] = await Promise.all([readGpus(askTool), readInputIdle(askTool, places)]);
  return { weekMinute: weekMinuteOf(new Date()), gpus, idle };
}
