export { type Annex3Line, type Annex3Place, annex3Lines, annex3Page } from './annex3.ts';
export { askableDays, chooseDay } from './counts.ts';
export { annex3ToXlsx } from './render/annex3-xlsx.ts';
export { annex3ToCsv, toCsv } from './render/csv.ts';
export { annex3ToJson, toJson } from './render/json.ts';
export { toText } from './render/text.ts';
export { toXlsx } from './render/xlsx.ts';
export { countedForm, countedForms, footing, type PrintOptions, requireRegion } from './report.ts';
export { reportsRoutes } from './routes.ts';
