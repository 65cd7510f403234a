export { findPerson, type PersonPage, personPage } from './person.ts';
