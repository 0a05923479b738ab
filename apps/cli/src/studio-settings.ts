import {
  type ConfigIssue,
  checkStudioConfig,
  type ReadSettings,
  readSettings,
  type SettingName,
} from '@jamnet/studio/operations';
import { type CommandContext, readText } from './context.ts';
import { CommandError, EXIT } from './exit-codes.ts';

export interface CheckedSettings {
  readonly settings: ReadSettings;
  /** Null where anything is wrong. */
  readonly config: ReturnType<typeof checkStudioConfig>;
  /** All of it: of the file, the environment and the values together. */
  readonly issues: readonly ConfigIssue[];
}

/** A studio's settings from the command line, the environment and a file. */
export function checkSettings(
  context: CommandContext,
  options: Readonly<Partial<Record<SettingName, string | undefined>>>,
  configFile?: string,
): CheckedSettings {
  const environment = context.environment ?? {};
  const settings = readSettings({ options, environment, configFile, readText });
  const issues = [...settings.issues];
  const data = settings.values.data ?? context.dataDirectory;
  const config = checkStudioConfig({ ...settings.values, data }, issues);
  return { settings, config: issues.length === 0 ? config : null, issues };
}

/** Ends the command where a file or variable that it would read is wrong. */
export function needReadableSettings(context: CommandContext): void {
  const { issues } = readSettings({ options: {}, environment: context.environment ?? {}, readText });
  if (issues.length > 0) throw configInvalid(issues);
}

export function configInvalid(issues: readonly ConfigIssue[]): CommandError {
  return new CommandError('config-invalid', issues.map(({ message }) => message).join('\n'), EXIT.usage);
}
