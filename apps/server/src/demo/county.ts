import type { RegionRow } from '@quanbao/domain/regions/region-tree';
import { Random } from './random.ts';

export interface Village {
  /** Position among all areas of the truth. */
  readonly area: number;
  readonly code: string;
  readonly name: string;
  readonly urban: boolean;
  readonly town: Town;
  readonly people: number;
}

export interface Town {
  readonly index: number;
  readonly area: number;
  readonly code: string;
  readonly name: string;
  /** A name the offices still use after the town was renamed. */
  readonly formerName: string;
  readonly villages: Village[];
}

export interface County {
  readonly code: string;
  readonly name: string;
  /** 湖南省沅江市: how an address begins. */
  readonly addressHead: string;
  readonly province: string;
  readonly towns: readonly Town[];
  /** The county itself, then each town and its villages: everywhere a person can be counted. */
  readonly areas: readonly { readonly code: string; readonly name: string }[];
}

/** The real divisions with invented, uneven sizes that add up to `residents`. */
export function laidOut(county: string, rows: readonly RegionRow[], residents: number, seed: number): County {
  const random = new Random(seed ^ 0x5eed);
  const nameOf = (code: string): string => rows.find((row) => row.code === code)?.name ?? '';
  const towns = rows.filter((row) => row.level === 'town' && row.parent === county);
  const villages = rows.filter((row) => row.level === 'village' && towns.some((t) => t.code === row.parent));
  const weights = villages.map(
    (row) => (row.name.endsWith('社区') ? 1.6 : 1) * (0.35 + random.next() ** 2 * 2.4),
  );
  const sizes = shares(weights, residents);
  const areas: { code: string; name: string }[] = [{ code: county, name: nameOf(county) }];
  const laid = towns.map((row, index): Town => {
    const town: Town = {
      index,
      area: areas.length,
      code: row.code,
      name: row.name,
      formerName: row.aliases[0] ?? row.name,
      villages: [],
    };
    areas.push({ code: row.code, name: row.name });
    villages.forEach((village, i) => {
      if (village.parent !== row.code) return;
      const { code, name } = village;
      town.villages.push({
        area: areas.length,
        code,
        name,
        urban: name.endsWith('社区'),
        town,
        people: sizes[i] as number,
      });
      areas.push({ code, name });
    });
    return town;
  });
  const province = nameOf(county.slice(0, 2));
  return {
    code: county,
    name: nameOf(county),
    addressHead: province + nameOf(county),
    province,
    towns: laid.filter((town) => town.villages.length > 0),
    areas,
  };
}

/** Whole numbers in proportion to the weights; the largest remainders round up. */
function shares(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((w) => (w / sum) * total);
  const whole = exact.map(Math.floor);
  const left = total - whole.reduce((a, b) => a + b, 0);
  const order = exact
    .map((x, i) => ({ i, rest: x - Math.floor(x) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  const up = new Set(order.slice(0, left).map(({ i }) => i));
  return whole.map((n, i) => (up.has(i) ? n + 1 : n));
}
