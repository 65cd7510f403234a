import { describe, expect, it } from 'vitest';
import {
  disabilityLevel,
  employeeState,
  insuranceScheme,
  isTick,
  lowIncomeCategory,
  normaliseWord,
  registerStatus,
  schemeState,
  surveyAnswer,
  yesNo,
} from './vocabulary.ts';

describe('words', () => {
  it('are compared without spaces, brackets and width', () => {
    expect(normaliseWord(' 参职保(含退休)')).toBe(normaliseWord('参职保（含退休）'));
    expect(normaliseWord('Ａ类')).toBe('a类');
  });

  it.each([
    ['全额', 'full'],
    ['全额救助', 'full'],
    ['A', 'full'],
    ['Ａ类', 'full'],
    ['差额', 'partial'],
    ['B', 'partial'],
    ['b类', 'partial'],
    ['C', 'partial'],
    ['C类', 'partial'],
    ['', 'blank'],
    ['　', 'blank'],
    ['低保', 'unknown'],
  ])('低保 %j → %s', (raw, expected) => expect(lowIncomeCategory(raw)).toBe(expected));

  it.each([
    ['一级', 1],
    ['1', 1],
    ['一', 1],
    ['贰级', 2],
    ['３级', 3],
    ['残疾四级', 4],
    ['五级', undefined],
    ['', undefined],
    ['12', undefined],
  ])('残疾 %j → %s', (raw, expected) => expect(disabilityLevel(raw)).toBe(expected));

  it.each([
    ['1', '1', 'paying'],
    ['2', '2', 'paused'],
    ['1', '3', 'drawing'],
    ['2', '3', 'drawing-paused'],
    ['4', '3', 'ended'],
    ['正常参保', '参保缴费', 'paying'],
    ['暂停参保', '暂停缴费', 'paused'],
    ['正常参保', '终止缴费', 'drawing'],
    ['暂停参保', '终止缴费', 'drawing-paused'],
    ['终止参保', '终止缴费', 'ended'],
    ['正常参保', '暂停缴费', 'unknown'],
    ['0', '', 'unknown'],
    ['', '', 'unknown'],
    ['4', '1', 'unknown'],
  ])('参保状态 %j, 缴费状态 %j → %s', (cb, jf, expected) => expect(schemeState(cb, jf)).toBe(expected));

  it('take an employee of unknown or unwritten state for a current one, and say so of the unknown', () => {
    expect(employeeState('退休')).toEqual({ value: 'current' });
    expect(employeeState('')).toEqual({ value: 'current' });
    expect(employeeState('待定')).toEqual({ value: 'current', quality: 'unknown-word' });
    for (const word of ['暂停', '中断', '断缴']) expect(employeeState(word).value, word).toBe('lapsed');
    expect(employeeState('终止').value).toBe('ended');
  });

  it.each([
    ['管理中', 'living'],
    ['正常', 'living'],
    ['', 'living'],
    [' 死亡', 'dead'],
    ['迁出', 'moved'],
    ['注销', 'cancelled'],
    ['其他', 'unknown'],
  ])('户籍状态 %j → %s', (raw, expected) => expect(registerStatus(raw)).toBe(expected));

  it.each([
    ['城镇企业职工基本养老保险', 'enterprise'],
    ['机关事业单位养老保险', 'public'],
    ['新型农村社会养老保险', 'residents'],
    ['城乡居民社会养老保险', 'residents'],
    ['商业保险', 'unknown'],
    ['', 'unknown'],
  ])('险种 %j → %s', (raw, expected) => expect(insuranceScheme(raw)).toBe(expected));

  it.each([
    ['参职保(含退休)', 'employee-in-province'],
    ['参加省职保', 'employee-in-province'],
    ['参加机关保', 'public-in-province'],
    ['参加省外职保', 'employee-elsewhere'],
    ['出国（境）', 'abroad'],
    [' 死亡', 'dead'],
    ['死亡（失踪）', 'dead'],
    ['死亡未销户', 'dead'],
    ['服刑', 'prison'],
    ['服刑人员', 'prison'],
    ['参军', 'military'],
    ['16岁以上在校学生', 'student'],
    ['１６岁以上在校生', 'student'],
    ['法定人员', 'obligated'],
    ['异地居保', 'elsewhere-insured'],
    ['外省居保', 'elsewhere-insured'],
    ['空挂户', 'empty-household'],
    ['户口不在本地', 'not-local'],
    ['数据错误', 'data-error'],
    ['其他人员', 'other'],
    ['自愿放弃', 'refuses'],
    ['无参保意愿', 'refuses'],
    ['愿意', 'willing'],
    ['我区参加居保', 'claims-registered'],
    ['已参居保', 'claims-registered'],
    ['已录入居保', 'claims-registered'],
    ['已录入未审核', 'claims-registered'],
    ['健在', 'alive'],
    ['外出务工', 'migrant'],
    ['人户分离', 'unreachable'],
    ['联系不上', 'unreachable'],
    ['说不清', 'unknown'],
    ['', 'unknown'],
  ])('核实情况 %j → %s', (raw, expected) => expect(surveyAnswer(raw)).toBe(expected));

  it('know 是 from 否 from not known', () => {
    for (const word of ['是', '愿意', '√', ' 愿意 ']) expect(yesNo(word), word).toBe('yes');
    for (const word of ['否', '不愿意', '×']) expect(yesNo(word), word).toBe('no');
    expect(yesNo('')).toBeUndefined();
    expect(yesNo('再说')).toBeUndefined();
  });

  it('know a tick', () => {
    for (const mark of ['√', '✓', '✔', '1', '是', 'Y', 'y', '对', ' √ '])
      expect(isTick(mark), mark).toBe(true);
    for (const mark of ['', '×', '否', '0', '迁出']) expect(isTick(mark), mark).toBe(false);
  });
});
