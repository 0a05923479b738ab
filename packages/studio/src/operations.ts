export { type ConfigIssue, type ReadSettings, readSettings } from './config/read-settings.ts';
export { SETTINGS, type SettingName } from './config/settings.ts';
export { checkStudioConfig } from './config/studio-config.ts';
export { eraseStoredTake, fetchStudioTakes } from './objects/studio-objects.ts';
export { planUpgrade, type UpgradePlan, upgradeStudio } from './upgrade/upgrade-studio.ts';
