export { listApplications } from './applications.ts';
export { applyRules, previewApplication, undoApplication } from './apply.ts';
export { testAddress, unplacedOverview } from './overview.ts';
export { addRule, importRules, listRules, retireRule } from './rules.ts';
