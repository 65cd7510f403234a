export { type Annex3Line, annex3Lines } from './annex3.ts';
export { askableDays, chooseDay, countAreas, matchesIndicator } from './counts.ts';
export { annex3ToXlsx } from './render/annex3-xlsx.ts';
export { toCsv } from './render/csv.ts';
export { toJson } from './render/json.ts';
export { toText } from './render/text.ts';
export { toXlsx } from './render/xlsx.ts';
export { countedForm, footing, requireRegion } from './report.ts';
