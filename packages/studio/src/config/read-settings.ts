import { SETTINGS, type Setting, type SettingName } from './settings.ts';

/** Something wrong with how a studio is set up; `setting` is a key of the file, or empty where the file itself is wrong. */
export interface ConfigIssue {
  readonly setting: SettingName | '';
  /** A sentence that says what to do. */
  readonly message: string;
}

export interface SettingSources {
  /** From the command line, by names of settings. */
  readonly options: Readonly<Partial<Record<SettingName, string | undefined>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of a JSON file; wins over `JAMNET_CONFIG`. */
  readonly configFile?: string | undefined;
  /** The text of a file; throws where there is none. */
  readonly readText: (file: string) => string;
}

export interface ReadSettings {
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
  /** Where each value stood: `--port`, `JAMNET_PORT`, `NATS_URL_FILE`, or the path of the file. */
  readonly sources: Readonly<Partial<Record<SettingName, string>>>;
  readonly issues: readonly ConfigIssue[];
}

interface Found {
  readonly value: string;
  readonly source: string;
}

/** What longer files hold is no setup of a studio. */
const FILE_LENGTH_MAX = 64 * 1024;

/** Joins command line, environment and file, the earlier over the later; an empty variable counts as not set. */
export function readSettings(from: SettingSources): ReadSettings {
  const issues: ConfigIssue[] = [];
  const file = fromFile(from, issues);
  const values: Partial<Record<SettingName, string>> = {};
  const sources: Partial<Record<SettingName, string>> = {};
  for (const setting of SETTINGS) {
    const option = from.options[setting.name];
    // Everything is looked at: what a stronger place covers may be wrong all the same.
    const variable = fromEnvironment(setting, from, issues);
    const found =
      option === undefined ? (variable ?? file(setting)) : { value: option, source: setting.option };
    if (found === null) continue;
    values[setting.name] = found.value;
    sources[setting.name] = found.source;
  }
  return { values, sources, issues };
}

function fromEnvironment(
  { name, variable, isSecret }: Setting,
  { environment, readText }: SettingSources,
  issues: ConfigIssue[],
): Found | null {
  const direct = environment[variable] || undefined;
  const secretVariable = `${variable}_FILE`;
  const file = isSecret ? environment[secretVariable] || undefined : undefined;
  if (file === undefined) return direct === undefined ? null : { value: direct, source: variable };
  if (direct !== undefined) {
    issues.push({ setting: name, message: `${variable} and ${secretVariable} are both set: give one.` });
    return null;
  }
  const text = textOf(file, readText);
  if (text !== null && text.trim() !== '') return { value: text.trim(), source: secretVariable };
  const what = text === null ? 'cannot be read' : 'is empty';
  issues.push({ setting: name, message: `${secretVariable}: ${file} ${what}. Put the secret there.` });
  return null;
}

function fromFile(
  { configFile, environment, readText }: SettingSources,
  issues: ConfigIssue[],
): (setting: Setting) => Found | null {
  const file = configFile ?? (environment.JAMNET_CONFIG || undefined);
  if (file === undefined) return () => null;
  const tell = (setting: ConfigIssue['setting'], message: string): void => {
    issues.push({ setting, message: `${file}: ${message}` });
  };
  const settings = objectOf(textOf(file, readText));
  if (settings === null) {
    tell('', `is no JSON object of at most ${FILE_LENGTH_MAX} characters that can be read: correct it.`);
    return () => null;
  }
  for (const key of Object.keys(settings)) {
    const setting = SETTINGS.find(({ name }) => name === key);
    if (setting === undefined && key !== '$comment')
      tell(
        '',
        `"${key.slice(0, 40)}" is no setting. They are ${SETTINGS.map(({ name }) => name).join(', ')}.`,
      );
    if (setting?.isSecret)
      tell(
        setting.name,
        `${key} is a secret: name a file that holds it in ${setting.variable}_FILE instead.`,
      );
  }
  return ({ name, isSecret }) => {
    const value = settings[name];
    if (value === undefined || isSecret) return null;
    if (typeof value === 'string') return { value, source: file };
    if (typeof value === 'number' && Number.isSafeInteger(value))
      return { value: String(value), source: file };
    tell(name, `${name} must be text or a whole number.`);
    return null;
  };
}

function textOf(file: string, readText: (file: string) => string): string | null {
  try {
    const text = readText(file);
    return text.length > FILE_LENGTH_MAX ? null : text;
  } catch {
    return null;
  }
}

function objectOf(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
