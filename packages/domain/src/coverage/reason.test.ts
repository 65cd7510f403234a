import { expect, it } from 'vitest';
import type { Content } from './claim.ts';
import { reasonWords } from './reason.ts';

const inScope = { column: 7, rank: 14 };
const words = (answer: Content): string => reasonWords(inScope, undefined, answer, answer);

it.each<[string, Content, string]>([
  [
    'a signed refusal',
    { w: 'refuses', pf: ['statement'], d: '2020-09-20', cw: '入户' },
    '个人不愿意参保；佐证：本人签名的意愿书；2020-09-20 入户',
  ],
  [
    'work elsewhere, with place, scheme and the day it was checked',
    { w: 'migrant', rc: 'working-away', pl: '东莞', sc: '职工养老', ck: '2020-09-01' },
    '外出务工；务工地：东莞；险种：职工养老；核实于2020-09-01',
  ],
  ['attempts at contact', { w: 'unreachable', rc: 'separated', at: 2 }, '人户分离；联系2次'],
  ['a text that says the reason itself', { w: 'unreachable', rs: '联系不上，已出嫁' }, '联系不上，已出嫁'],
  ['another reason, by its text alone', { w: 'alive', rc: 'other', rs: '随子女居住' }, '随子女居住'],
  ['whoever is willing gives none', { w: 'willing', m: '年底缴费' }, '年底缴费'],
])('%s', (_, answer, expected) => {
  expect(words(answer)).toBe(expected);
});
