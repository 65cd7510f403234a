import { expect, it } from 'vitest';
import { FOUND_NOTICE, groupNotice, NOTICE_KINDS, noticeTitle, noticeWords, seesNotice } from './notices.ts';

it('has a title for whatever it may be of', () => {
  const titles = NOTICE_KINDS.map(noticeTitle);
  expect(new Set(titles).size).toBe(NOTICE_KINDS.length);
  expect(titles).toEqual(expect.arrayContaining(['应保未保', '新发现人员', '组别：低保']));
});

it('tells of items, of people found and of groups in their own words', () => {
  expect(noticeWords({ kind: 'uninsured', opened: 1200, closed: 3 })).toBe('新开或退回 1,200，销号或落实 3');
  expect(noticeWords({ kind: 'uninsured', opened: 0, closed: 0 })).toBe('有变动');
  expect(noticeWords({ kind: FOUND_NOTICE, opened: 2, closed: 0 })).toBe('2 人');
  expect(noticeWords({ kind: groupNotice('low-income'), opened: 2, closed: 1 })).toBe(
    '新列入 2 人，不再是 1 人',
  );
});

it('gives away no list that a level may not read', () => {
  for (const level of ['county', 'town'] as const)
    expect(seesNotice(level, groupNotice('disability')), level).toBe(true);
  expect(seesNotice('village', groupNotice('disability'))).toBe(false);
  expect(seesNotice('village', 'uninsured')).toBe(true);
});
