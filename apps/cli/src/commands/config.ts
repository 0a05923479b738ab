import { SETTINGS } from '@jamnet/studio/operations';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type CheckedSettings, checkSettings } from '../studio-settings.ts';

interface SettingView {
  readonly setting: string;
  /** Null: not set. A secret's is `(set)`. */
  readonly value: string | null;
  /** Where it stood; null: nowhere, its default holds. */
  readonly source: string | null;
}

export function addConfigCommand(program: Command, context: CommandContext): void {
  const config = program.command('config').description("a studio's settings by file and environment");
  config
    .command('check')
    .description('read the settings as "jamnet up" would, and list everything that is wrong at once')
    .option('--config <file>', 'JSON file of settings (default: what JAMNET_CONFIG names)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', settingsHelp())
    .action((options: { config?: string; json?: boolean }) => check(context, options));
}

function check(context: CommandContext, options: { config?: string; json?: boolean }): void {
  const checked = checkSettings(context, {}, options.config);
  const { issues } = checked;
  const view = { ok: issues.length === 0, settings: settingViews(checked), issues };
  print(context, options.json, view, () =>
    [
      ...view.settings.map(
        ({ setting, value, source }) =>
          `${setting.padEnd(12)} ${value ?? '(default)'}${source === null ? '' : `  from ${source}`}`,
      ),
      ...issues.map(({ message }) => `wrong: ${message}`),
    ].join('\n'),
  );
  if (issues.length > 0)
    throw new CommandError(
      'config-invalid',
      `${issues.length} of the settings ${issues.length === 1 ? 'is' : 'are'} wrong: the list says what to do.`,
      EXIT.usage,
    );
}

/** Secrets are told of and not told. */
function settingViews({ settings: { values, sources } }: CheckedSettings): readonly SettingView[] {
  return SETTINGS.map(({ name, isSecret }) => {
    const value = values[name] ?? null;
    return {
      setting: name,
      value: value !== null && isSecret ? '(set)' : value,
      source: sources[name] ?? null,
    };
  });
}

function settingsHelp(): string {
  const lines = SETTINGS.map(({ name, variable, option, isSecret, meaning }) => {
    const places = isSecret ? `${variable}, ${variable}_FILE` : `${variable}, ${option}`;
    return `  ${name.padEnd(12)} ${places.padEnd(38)} ${meaning}`;
  });
  return `\nThe command line wins over the environment, the environment over the file. Secrets stand in files that VARIABLE_FILE names, never in the settings' own file.\n\n${lines.join('\n')}\n\nExamples:\n  jamnet config check\n  echo '{ "port": 9000, "relays": 2 }' > studio.json && jamnet config check --config studio.json --json\n  DATABASE_URL_FILE=/run/secrets/database-url jamnet config check`;
}
