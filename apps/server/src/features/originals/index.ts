export { takeDocument } from './document-upload.ts';
export { dropFiles, keepFile, nameFiles, sweepOriginals } from './keep.ts';
