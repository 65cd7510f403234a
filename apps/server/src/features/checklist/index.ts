export { annex2Of, annex2Table } from './annex2.ts';
export { addFilings, sendFiling } from './filings.ts';
export { loadListFile } from './list-file.ts';
export { checklistToXlsx } from './list-xlsx.ts';
export { listChecklists, viewChecklist, viewItemLife } from './lists.ts';
export { deriveList, loadShipped, putItem, requireOwn } from './make.ts';
export { itemName, standingOfItems } from './standing.ts';
export { addTeamMember } from './teams.ts';
export { actOnItem, passGate } from './write-off.ts';
