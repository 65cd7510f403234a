import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import { describe, expect, it } from 'vitest';
import { engines, openTestInstance, scopeOf } from '../../testing/instance.ts';
import { receive } from '../sources/index.ts';
import { countedForm } from './index.ts';

const COUNTY = '430981';
const id = (n: number): string => {
  const first17 = `4309811980010${String(1000 + n)}`;
  return first17 + checkDigit(first17);
};

describe.each(engines)('the row 未分村社区 on %s', (engine) => {
  it('is printed only where somebody of the register stands in it', async () => {
    const instance = await openTestInstance(engine, { county: COUNTY });
    const scope = scopeOf(COUNTY);
    const put = async (source: string, text: string): Promise<void> => {
      const path = join(instance.dir, `${source}.csv`);
      await writeFile(path, text);
      await receive(instance, scope, [
        { source, asOf: '2020-08-31', files: [{ name: `${source}.csv`, path }] },
      ]);
    };
    const names = async (code: 'annex4' | 'annex5' = 'annex4'): Promise<string[]> => {
      const form = await instance.db.transaction(scope, (tx) =>
        countedForm(tx, scope, code, COUNTY, undefined),
      );
      return form.rows.map((row) => row.name);
    };
    try {
      const head = '身份证号码,姓名,户籍地址,行政区划代码\n';
      await put('household-register', `${head}${id(1)},王一,沅江市,430981113001\n`);
      await put('employees-in-province', `身份证号码,姓名,状态\n${id(2)},李二,在职\n`);
      expect(await names()).not.toContain('未分村社区');
      await put('household-register', `${head}${id(1)},王一,沅江市,430981113001\n${id(3)},张三,不详,\n`);
      expect(await names()).toContain('未分村社区');
      await put('deaths', `身份证号码,姓名,死亡日期\n${id(3)},张三,2020-08-01\n`);
      expect(await names('annex5')).toEqual(await names('annex4'));
      expect(await names('annex5')).toContain('未分村社区');
    } finally {
      await instance.close();
    }
  });
});
