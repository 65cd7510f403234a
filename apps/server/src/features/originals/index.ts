export { takeDocument } from './document-upload.ts';
export { dropFiles, keepFile, nameFiles, readStored, sweepOriginals } from './keep.ts';
