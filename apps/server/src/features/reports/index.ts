export { type Annex3Line, type Annex3Place, annex3Lines, annex3Page } from './annex3.ts';
export {
  type AreaCounts,
  addUp,
  askableDays,
  chooseDay,
  countAreas,
  countGroupItems,
  countGroups,
  countItems,
  countOf,
} from './counts.ts';
export { type Figures, figuresOn } from './figures.ts';
export { footingOf, tableOnScreen } from './on-screen.ts';
export { countFindings, decidedFindings } from './open-findings.ts';
export { findForm } from './own-forms.ts';
export { annex3ToXlsx } from './render/annex3-xlsx.ts';
export { cellText } from './render/cells.ts';
export { annex3ToCsv, textsToCsv, toCsv } from './render/csv.ts';
export { annex3ToJson, toJson } from './render/json.ts';
export { type ListHead, listToXlsx } from './render/list-xlsx.ts';
export { exportMark } from './render/mark.ts';
export { rowsIntoSample } from './render/sample-sheet.ts';
export { toText } from './render/text.ts';
export { toXlsx } from './render/xlsx.ts';
export { zipChunks } from './render/zip.ts';
export {
  countedForm,
  countedForms,
  footing,
  namedGroups,
  type PrintOptions,
  placeName,
  requirePlace,
  requireRegion,
} from './report.ts';
export { type Standing, standingPage, type Wanted } from './standing.ts';
export { workDay } from './work-day.ts';
