export { paperDocx } from './docx-page.ts';
export { draftPaper, issuePaper, openPaper, previewPaper, recordExport } from './papers.ts';
