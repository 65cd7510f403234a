import type { DeliveryLine } from './contract.ts';

export const STATE_WORDS: Readonly<Record<DeliveryLine['state'], string>> = {
  'in-force': '有效',
  replaced: '已被替换',
  undone: '已撤销',
};
