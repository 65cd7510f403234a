export { type DemoFiles, type DemoOptions, generate } from './generate.ts';
export { type Comparison, compareWithTruth, type Difference } from './verify.ts';
