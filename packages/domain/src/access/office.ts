/** Names that papers use for one office, as it is written in full or as it was called before, and the short one. */
const SHORT: readonly (readonly [short: string, names: readonly string[]])[] = [
  // 人民政府 is nobody's 民政.
  ['政府', ['人民政府']],
  ['人社', ['人力资源和社会保障', '人力资源与社会保障', '人力资源社会保障']],
  ['卫健', ['卫生健康', '卫生和健康', '卫生和计划生育', '卫计']],
  ['残联', ['残疾人联合会']],
  ['自然资源', ['自然资源和规划', '国土资源', '国土']],
  ['医保', ['医疗保障']],
  ['教育', ['教育和体育', '教育体育', '教体']],
  ['税务', ['国家税务', '地方税务', '国税', '地税']],
  ['发改', ['发展和改革', '发展与改革', '发展改革']],
  ['法院', ['人民法院']],
  ['农业农村', ['农业和农村']],
  ['退役军人', ['退役军人事务']],
  ['市监', ['市场监督管理', '市场监管']],
];

function inShort(text: string): string {
  let said = text;
  for (const [short, names] of SHORT) for (const name of names) said = said.replaceAll(name, short);
  return said;
}

/** Whether an office's account answers for a unit by its name: 税务 is the account of 县税务局, 人社 of 县人力资源和社会保障局. */
export function isOfficeNamed(unit: string, office: string): boolean {
  return office !== '' && inShort(unit).includes(inShort(office));
}
