import { describe, expect, it } from 'vitest';
import { type Annex3Person, Annex3Totals, annex3Row } from './annex3.ts';

const person: Annex3Person = {
  regionCode: '430981114201',
  divisionName: '草尾镇',
  name: '张三',
  id: '430981196001010017',
  birth: '1960-01-01',
  address: '草尾镇和平村',
  column: 7,
  registered: false,
  willing: 'yes',
  phone: '13800000000',
  reasonText: '',
  sight: true,
};

/** Printed column numbers with something in them, from 7. */
function filled(cells: readonly string[]): Record<number, string> {
  return Object.fromEntries(cells.map((v, i) => [i + 1, v] as const).filter(([n, v]) => n >= 7 && v !== ''));
}

describe('a line of 附件3', () => {
  it('has 20 cells, the county code first', () => {
    const cells = annex3Row(person);
    expect(cells).toHaveLength(20);
    expect(cells.slice(0, 6)).toEqual([
      '430981',
      '草尾镇',
      '张三',
      '430981196001010017',
      '196001',
      '草尾镇和平村',
    ]);
    expect(annex3Row(person, 12)[0]).toBe('430981114201');
  });

  it('asks about willingness only where somebody is in scope and not registered', () => {
    expect(filled(annex3Row(person))).toEqual({ 7: '√', 18: '是', 19: '13800000000' });
    expect(filled(annex3Row({ ...person, willing: 'no' }))[18]).toBe('否');
    expect(filled(annex3Row({ ...person, willing: 'unknown' }))[18]).toBeUndefined();
    expect(filled(annex3Row({ ...person, registered: true }))[18]).toBeUndefined();
    expect(filled(annex3Row({ ...person, column: 12 }))[18]).toBeUndefined();
  });

  it('ticks exactly one reason, or none for a reader who may not see it', () => {
    const dead = { ...person, column: 16, reasonText: '死亡，2019-05' };
    expect(filled(annex3Row(dead))).toEqual({ 16: '√', 19: '13800000000', 20: '死亡，2019-05' });
    expect(filled(annex3Row({ ...dead, sight: false }))).toEqual({ 19: '13800000000', 20: '原因由县掌握' });
    expect(filled(annex3Row({ ...person, sight: false }))[7]).toBe('√');
  });

  it('counts the √ in 合计 and nothing else', () => {
    const totals = new Annex3Totals();
    totals.add(annex3Row(person));
    totals.add(annex3Row({ ...person, column: 17 }));
    totals.add(annex3Row({ ...person, column: 17, sight: false }));
    const row = totals.row();
    expect(row).toHaveLength(20);
    expect(row[0]).toBe('合计');
    expect(row[6]).toBe(1);
    expect(row[16]).toBe(1);
    expect(row.slice(7, 16)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(row.slice(17)).toEqual([null, null, null]);
  });
});
