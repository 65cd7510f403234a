import { Refusal } from '@quanbao/domain/kernel/problem';
import { type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { insertDivisions, insertSchemeCodes, readDivisions, readSchemeCodes } from '../regions/index.ts';

/**
 * An empty instance for one county: its divisions and nothing else.
 * @param options.demo invented people may be put into it, now or after an interruption
 */
export async function initCounty(
  instance: Instance,
  county: RegionCode,
  actor: string,
  options: { divisions?: string; schemeCodes?: string; demo?: boolean } = {},
): Promise<{ county: RegionCode; name: string; towns: number; villages: number }> {
  if (regionLevel(county) !== 'county') {
    throw new Refusal('init.code', `县级行政区划代码是 6 位数字；收到的是 ${county}。`);
  }
  const rows = await readDivisions(county, options.divisions);
  const schemeCodes = await readSchemeCodes(county, rows, options.schemeCodes);
  const name = rows.find((row) => row.code === county)?.name ?? county;
  await instance.db.transaction({ county, region: county, actor }, async (tx) => {
    const [known] = await tx.query('select 1 from county where county = $1', [county]);
    if (known !== undefined) {
      throw new Refusal(
        'init.exists',
        `${name}（${county}）已经初始化过；要重来请换一个 QUANBAO_DATA 目录或数据库。`,
      );
    }
    await tx.query('insert into county (county, name, horizon, settings) values ($1, $2, $3, $4::jsonb)', [
      county,
      name,
      '1970-12-31',
      JSON.stringify(options.demo ? { demo: true } : {}),
    ]);
    await insertDivisions(tx, county, rows);
    await insertSchemeCodes(tx, county, schemeCodes);
    await record(tx, {
      county,
      actor,
      act: 'county.init',
      subject: `county ${county}`,
      detail: { divisions: rows.length, schemeCodes: schemeCodes.length },
    });
  });
  return {
    county,
    name,
    towns: rows.filter((row) => row.level === 'town').length,
    villages: rows.filter((row) => row.level === 'village').length,
  };
}
