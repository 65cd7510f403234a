export { makeCampaign } from './campaign.ts';
export { type DemoFiles, generate } from './generate.ts';
export { compareWithTruth } from './verify.ts';
export { makeVisits } from './visits.ts';
