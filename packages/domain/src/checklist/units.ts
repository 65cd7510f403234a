/** Who the 责任单位 of a line are: towns as a whole, or offices by name. */
export interface Parties {
  /** 各镇（场、街道）, 各乡（镇）人民政府: every town has it in its own 工作细案. */
  readonly towns: boolean;
  readonly offices: readonly string[];
}

const TOWNS = /各(?:镇|乡)/;

/**
 * The parties of a cell as it is printed. “县人力资源社会保障局、财政局、税务局” are three offices.
 * @example partiesOf('各镇（场、街道）') is every town
 */
export function partiesOf(printed: string): Parties {
  // 、 inside （场、街道） separates nothing.
  const plain = printed.replace(/（[^）]*）/g, '');
  const offices = plain
    .split(/[、，,。；;]/)
    .map((unit) => unit.trim())
    .filter((unit) => unit !== '' && !TOWNS.test(unit));
  return { towns: TOWNS.test(printed), offices };
}
