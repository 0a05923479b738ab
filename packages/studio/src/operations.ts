export { planUpgrade, type UpgradePlan, upgradeStudio } from './upgrade/upgrade-studio.ts';
