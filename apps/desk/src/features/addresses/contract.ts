import type {
  addressApplications,
  addressRules,
  previewAddresses,
  testAddressRules,
  unplacedPeople,
} from '@quanbao/contract/addresses';
import type { AnswerOf } from '@quanbao/contract/route';

export type Rule = AnswerOf<typeof addressRules>['items'][number];
export type Preview = AnswerOf<typeof previewAddresses>;
export type Tested = AnswerOf<typeof testAddressRules>;
export type Unplaced = AnswerOf<typeof unplacedPeople>;
export type Application = AnswerOf<typeof addressApplications>['items'][number];
