export { annex1Table, importAnnex1, verifyPlan } from './annex1.ts';
export { revisePlan, splitPlan } from './change.ts';
export { issuePlan, signPlan } from './issue.ts';
export { makePlan } from './make.ts';
export { measure } from './measure.ts';
export { figuresAt, listPlans, planCourse, viewPlan } from './progress.ts';
export { coursesInForce } from './shares.ts';
