export { findPerson, personPage, type PersonPage } from './person.ts';
