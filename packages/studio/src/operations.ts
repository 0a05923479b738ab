export { type ConfigIssue, type ReadSettings, readSettings } from './config/read-settings.ts';
export { SETTINGS, type SettingName } from './config/settings.ts';
export { checkStudioConfig } from './config/studio-config.ts';
export { type KeyState, listKeys, retireKeys, rotateKey } from './identity/change-keys.ts';
export { RING_PURPOSES, type RingPurpose } from './identity/key-ring.ts';
export { eraseStoredTake, fetchStudioObjects } from './objects/studio-objects.ts';
export { type MeasuredTake, measureTake } from './scale/measure-take.ts';
export { planUpgrade, type UpgradePlan, upgradeStudio } from './upgrade/upgrade-studio.ts';
