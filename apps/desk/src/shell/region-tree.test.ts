import { expect, it } from 'vitest';
import { regionTree, villageTree } from './region-tree.ts';

it('hangs villages under their towns', () => {
  const items = [
    { code: '430981', name: '沅江市', parent: '430900' },
    { code: '430981114', name: '草尾镇', parent: '430981' },
    { code: '430981114200', name: '上码头村', parent: '430981114' },
    { code: '430981115', name: '阳罗洲镇', parent: '430981' },
  ];
  const [top] = regionTree(items, '430981');
  expect(top?.children?.map((node) => node.title)).toEqual(['草尾镇', '阳罗洲镇']);
  expect(top?.children?.[0]?.children).toEqual([{ value: '430981114200', title: '上码头村' }]);
});

it('of a village there is nothing below, and without the root nothing at all', () => {
  const village = [{ code: '430981114200', name: '上码头村', parent: '430981114' }];
  expect(regionTree(village, '430981114200')[0]?.children).toBeUndefined();
  expect(regionTree(village, '430981')).toEqual([]);
});

it('of towns and villages only a village can be chosen', () => {
  const items = [
    { code: '430981', name: '沅江市', parent: '430900' },
    { code: '430981114', name: '草尾镇', parent: '430981' },
    { code: '430981114200', name: '上码头村', parent: '430981114' },
  ];
  expect(villageTree(items, '430981')).toEqual([
    {
      value: '430981114',
      title: '草尾镇',
      selectable: false,
      children: [{ value: '430981114200', title: '上码头村', selectable: true }],
    },
  ]);
});
