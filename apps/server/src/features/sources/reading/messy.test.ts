import { describe, expect, it } from 'vitest';
import { makeXls, makeXlsx, personId, readList } from './handmade.ts';
import { claimedCount } from './read-files.ts';

const a = personId(11);
const b = personId(22, '19810203');
const c = personId(33, '20051231');
const number = (raw: string): string => `<c><v>${raw}</v></c>`;

describe('1 household rows', () => {
  const header = ['乡镇', '类别', '户主', '身份证号码'];
  for (let n = 1; n <= 6; n++) header.push(`成员${n}姓名`, `成员${n}身份证号码`);
  const member = (n: number) => personId(100 + n, '19900505');
  const rows = [
    header,
    ['草尾镇', '全额', '户主甲', a, '成员甲', member(1), '成员乙', '', '', member(3), '成员丁', member(4)],
    ['草尾镇', '', '户主乙', b, '成员戊', member(5)],
    ['草尾镇', 'B类', '户主丙', c],
    ['合计', '', '3户', ''],
  ];

  it('give one person per complete pair, half pairs are rejected at their cell', async () => {
    const { rows: people, rejected, summary } = await readList('low-income', [makeXlsx(rows)]);
    expect(people.map((one) => [one.name, one.id, one.values.category])).toEqual([
      ['户主甲', a, '全额'],
      ['成员甲', member(1), '全额'],
      ['成员丁', member(4), '全额'],
      ['户主丙', c, 'B类'],
    ]);
    expect(people.slice(0, 3).map((one) => one.householdKey)).toEqual([a, a, a]);
    expect(people[3]?.householdKey).toBe(c);
    expect(people[1]?.values.head).toBe('户主甲');
    expect(rejected.map((one) => [one.row, one.column, one.code, one.name])).toEqual([
      [2, 'H2', 'id.blank', '成员乙'],
      [2, 'I2', 'cell.name', ''],
      [3, '类别', 'cell.category', '户主乙'],
      [3, '类别', 'cell.category', '成员戊'],
    ]);
    expect(summary.rows).toBe(8);
  });
});

describe('2 numbers with noise', () => {
  const x = [
    '19620101',
    '19630101',
    '19640101',
    '19650101',
    '19660101',
    '19670101',
    '19680101',
    '19690101',
    '19700101',
    '19710101',
    '19720101',
  ]
    .map((birth) => personId(5, birth))
    .find((id) => id.endsWith('X')) as string;
  const old = `${a.slice(0, 6)}${a.slice(8, 17)}`;
  it('are cleaned or refused with a reason, never skipped', async () => {
    const table = [
      ['姓名', '身份证号码', '户籍地址'],
      ['净', a, '地址'],
      ['空格', ` ${b}　`, '地址'],
      ['小写', x.toLowerCase(), '地址'],
      ['十五', old, '地址'],
      ['空白', '', '地址'],
      ['数字', number('430981196001020017'), '地址'],
      ['数字圆', number('430981196001020000'), '地址'],
      ['科学', number('4.3098119600102E17'), '地址'],
      ['短', a.slice(0, 17), '地址'],
      ['校验', a.slice(0, 17) + (a.endsWith('1') ? '2' : '1'), '地址'],
      ['日期', '430981197002300018', '地址'],
      ['引号', `'${c}`, '地址'],
      ['', '', ''],
    ];
    const { rows, rejected, summary } = await readList('household-register', [makeXlsx(table)]);
    expect(rows.map((one) => [one.name, one.id, one.idMark])).toEqual([
      ['净', a, 'none'],
      ['空格', b, 'none'],
      ['小写', x, 'cleaned'],
      ['十五', a, 'from-15'],
      ['引号', c, 'cleaned'],
    ]);
    expect(rejected.map((one) => [one.name, one.code, one.row, one.column])).toEqual([
      ['空白', 'id.blank', 6, '身份证号码'],
      ['数字', 'id.number-cell', 7, '身份证号码'],
      ['数字圆', 'id.number-cell', 8, '身份证号码'],
      ['科学', 'id.scientific', 9, '身份证号码'],
      ['短', 'id.length', 10, '身份证号码'],
      ['校验', 'id.check-digit', 11, '身份证号码'],
      ['日期', 'id.date', 12, '身份证号码'],
    ]);
    expect(summary.rows).toBe(12);
    const shown = rejected.map((one) => one.message + one.value).join('');
    expect(shown).not.toMatch(/\d{12}/);
    expect(rejected[1]).toMatchObject({
      rawId: '430981196001020017|数字',
      value: '430981********0017',
      values: { address: '地址' },
    });
  });

  it('a certificate stands for its first 18 characters', async () => {
    const table = [
      ['姓名', '残疾证号', '级别'],
      ['甲', `${a}43`, '一级'],
      ['乙', `${b}43B1`, '2'],
      ['丙', `${c}4`, '3'],
    ];
    const { rows, rejected } = await readList('disability', [makeXlsx(table)]);
    expect(rows.map((one) => [one.id, one.idMark, one.values.level])).toEqual([
      [a, 'from-certificate', '一级'],
      [b, 'from-certificate', '2'],
    ]);
    expect(rejected.map((one) => one.code)).toEqual(['id.length']);
  });

  it('a number in both columns is read from 身份证号码, else from the certificate', async () => {
    const table = [
      ['残疾证号', '身份证号码', '姓名', '级别'],
      [`${a}11`, b, '甲', '1'],
      [`${c}11`, '', '乙', '1'],
    ];
    const { rows } = await readList('disability', [makeXlsx(table)]);
    expect(rows.map((one) => one.id)).toEqual([b, c]);
    expect(JSON.stringify(rows.map((one) => one.values))).not.toContain(c.slice(0, 17));
  });

  it('takes the correction of a person', async () => {
    const wrong = a.slice(0, 17);
    const table = [
      ['姓名', '身份证号码'],
      ['甲', wrong],
      ['乙', b.slice(0, 17)],
    ];
    const fix = (raw: string) => (raw === wrong ? a : raw === b.slice(0, 17) ? 'still wrong' : undefined);
    const { rows, rejected } = await readList('dishonest', [makeXlsx(table)], { fix });
    expect(rows.map((one) => [one.id, one.idMark])).toEqual([[a, 'fixed']]);
    expect(rejected.map((one) => one.code)).toEqual(['id.length']);
  });

  it('nobody is born after the list and today', async () => {
    const late = personId(1, '20261031');
    const tomorrow = personId(1, '20261102');
    const { rows, rejected } = await readList('dishonest', [makeXlsx([['身份证号码'], [late], [tomorrow]])]);
    expect(rows.map((one) => one.id)).toEqual([late]);
    expect(rejected.map((one) => one.code)).toEqual(['id.date']);
  });
});

describe('3 drifting words', () => {
  it('are kept as written, trimmed', async () => {
    const table = [
      ['身份证号码', '姓名', '核实情况'],
      [a, '甲', ' 死亡'],
      [b, '乙', '参职保(含退休)'],
      [c, '丙', '外省居保 '],
    ];
    const { rows } = await readList('survey-workbook', [makeXlsx(table)]);
    expect(rows.map((one) => one.values.answer)).toEqual(['死亡', '参职保(含退休)', '外省居保']);
  });
  it('a 低保 word nobody knows is refused like a blank', async () => {
    const table = [
      ['身份证号码', '姓名', '类别'],
      [a, '甲', '全额救助'],
      [b, '乙', '待定'],
      [c, '丙', ''],
    ];
    const { rows, rejected } = await readList('low-income', [makeXlsx(table)]);
    expect(rows.map((one) => one.id)).toEqual([a]);
    expect(rejected.map((one) => [one.code, one.value])).toEqual([
      ['cell.category', '待定'],
      ['cell.category', ''],
    ]);
  });
});

describe('4 drifting columns', () => {
  it('are found by header', async () => {
    const june = [
      ['姓名', '证号', '乡镇', '级别'],
      ['甲', `${a}11`, '草尾', '一级'],
    ];
    const july = [
      ['序号', '姓名', '新列', '证号', '乡镇', '另一列', '残疾等级'],
      ['1', '甲', 'x', `${a}11`, '草尾', 'y', '一级'],
    ];
    const first = await readList('disability', [makeXlsx(june)]);
    const second = await readList('disability', [makeXlsx(july)]);
    expect(second.rows.map((one) => [one.id, one.values])).toEqual(
      first.rows.map((one) => [one.id, one.values]),
    );
    expect(second.summary.files[0]?.unknown).toEqual(['序号', '新列', '乡镇', '另一列']);
    expect(second.summary.files[0]?.headers).toEqual({
      certificate: '证号',
      name: '姓名',
      level: '残疾等级',
    });
  });
  it('stop the delivery when a required one is gone, before a row is handed out', async () => {
    const good = makeXlsx([
      ['姓名', '身份证号码', '级别'],
      ['甲', a, '1'],
    ]);
    const bad = makeXlsx([
      ['姓名', '身份证号码', '备注'],
      ['乙', b, '1'],
    ]);
    const error = await readList('disability', [good, bad]).catch((e) => e);
    expect(error.problem?.code).toBe('reading.column-missing');
    expect(error.message).toContain('“级别”');
    expect(error.message).toContain('姓名、身份证号码、备注');
    expect(error.message).toContain('名单-2');
  });
});

describe('5 a file name that counts wrong', () => {
  it('is a warning; everybody is read, 说明 and 合计 are nobody', async () => {
    const people = Array.from({ length: 137 }, (_, i) => [
      String(i + 1),
      `测试${i}`,
      personId(i, '19750607'),
    ]);
    const table = [
      ['序号', '姓名', '身份证号'],
      ...people,
      ['合计', '137', ''],
      ['说明：以上人员已核对。'],
      ['', '', ''],
    ];
    const { rows, rejected, summary } = await readList('dishonest', [
      { name: '先锋街道120.xls', content: makeXls(table) },
    ]);
    expect([rows.length, rejected.length]).toEqual([137, 0]);
    expect(summary.warnings).toEqual([
      '《先锋街道120.xls》文件名写的是 120 人，表内实有 137 人，已按表内读取。',
    ]);
  });
  it.each([
    ['先锋街道120.xls', 120],
    ['草尾镇5.xlsx', 5],
    ['新湾镇2966人.xls', 2966],
    ['先锋街道120(1).xls', 120],
    ['附件3.xlsx', undefined],
    ['户籍人口202010.csv', undefined],
    ['残疾人2020.xls', undefined],
    ['名单1.xls', undefined],
    ['第二批2.xls', undefined],
    ['20201001.xls', undefined],
    ['低保50户.xls', undefined],
  ])('%s → %s', (file, count) => expect(claimedCount(file)).toBe(count));
});

describe('6 several rows per person', () => {
  it('are all kept', async () => {
    const table = [
      ['身份证号码', '姓名', '缴费状态', '断缴原因', '行政区划', '险种类型'],
      [a, '甲', '中断', '离职', '湖南省长沙市', '城镇企业职工基本养老保险'],
      [a, '甲', '正常', '', '广东省', '城乡居民'],
      [a, '甲', '正常', '', '湖南省', '新型农村社会养老保险'],
    ];
    const { rows } = await readList('insurance-compare', [makeXlsx(table)]);
    expect(rows.map((one) => one.values.scheme)).toEqual([
      '城镇企业职工基本养老保险',
      '城乡居民',
      '新型农村社会养老保险',
    ]);
    expect(rows[0]?.values).toMatchObject({ breakReason: '离职', jfState: '中断', region: '湖南省长沙市' });
  });
});

describe('8 slices of one list', () => {
  it('are read in order, each row with its place', async () => {
    const slice = (id: string, name: string) =>
      makeXls([
        ['姓名', '身份证号码'],
        [name, id],
      ]);
    const { rows, summary } = await readList('dishonest', [slice(a, '甲'), slice(b, '乙')]);
    expect(rows.map((one) => [one.fileNo, one.sheet, one.row, one.id])).toEqual([
      [1, '名单', 2, a],
      [2, '名单', 2, b],
    ]);
    expect(summary.files.map((one) => one.rows)).toEqual([1, 1]);
  });
});

describe('9 places', () => {
  it('codes keep their zeros and digits, whatever the cell', async () => {
    const table = [
      ['姓名', '身份证号码', '户籍地址', '行政区划代码', '组', '联系电话'],
      ['甲', a, '地址', '002', '002', '13800000000'],
      ['乙', b, '', number('430981113201'), number('2'), number('1.38E10')],
    ];
    const { rows } = await readList('household-register', [makeXlsx(table)]);
    expect(rows.map((one) => [one.values.regionCode, one.values.group, one.values.phone])).toEqual([
      ['002', '002', '13800000000'],
      ['430981113201', '2', '13800000000'],
    ]);
    expect(rows[1]?.values).not.toHaveProperty('address');
  });
});

describe('10 dates', () => {
  const table = (values: string[]) => [
    ['姓名', '身份证号码', '死亡时间'],
    ...values.map((v, i) => [`甲${i}`, personId(i), v]),
  ];
  it('as typed, month precision kept', async () => {
    const typed = [
      '2019.3',
      '2019-03',
      '2019,3',
      '201903',
      '2019年3月',
      '2020/12/5',
      '20201205',
      '',
      '不详',
      number('2019.3'),
      number('43894'),
      number('2019.1'),
    ];
    const { rows, summary } = await readList('deaths', [makeXlsx(table(typed))]);
    expect(rows.map((one) => one.values.date ?? '')).toEqual([
      '2019-03',
      '2019-03',
      '2019-03',
      '2019-03',
      '2019-03',
      '2020-12-05',
      '2020-12-05',
      '',
      '',
      '2019-03',
      '2020-03-04',
      '',
    ]);
    expect(summary.warnings).toEqual([
      '《名单-1.xlsx》工作表“Sheet1”“死亡时间”列有 2 个值无法识别，已略过该值，人员照常读取。',
    ]);
  });
});

describe('payments', () => {
  it('need a year and an amount; refunds are negative', async () => {
    const table = [
      ['身份证号码', '缴费年度', '实缴金额', '入库日期', '电子税票号'],
      [a, '2020', '1,200.50', '2020-10-11', 'T1'],
      [a, number('2020'), number('-100'), '', ''],
      [a, '2020年', number('0.30000000000000004'), '', ''],
      [b, '二〇二〇', '100', '', ''],
      [b, '2020', '一百', '', ''],
      [b, '2020', '', '', ''],
      ['', '2020', '200', '', ''],
      ['合计', '', '1500', '', ''],
    ];
    const { rows, rejected, summary } = await readList('residents-payments', [makeXlsx(table)]);
    expect(
      rows.map((one) => [one.values.year, one.values.amount, one.values.date, one.values.voucher]),
    ).toEqual([
      ['2020', '120050', '2020-10-11', 'T1'],
      ['2020', '-10000', undefined, undefined],
      ['2020', '30', undefined, undefined],
    ]);
    expect(rejected.map((one) => [one.row, one.code, one.column])).toEqual([
      [5, 'cell.year', '缴费年度'],
      [6, 'cell.amount', '实缴金额'],
      [7, 'cell.amount', '实缴金额'],
      [8, 'id.blank', '身份证号码'],
    ]);
    expect(summary.rows).toBe(7);
  });
});

describe('附件3 returned', () => {
  it('ticks are 1, the text of 其他 is kept', async () => {
    const table = [
      ['附件3 摸底明细表'],
      ['填报单位：草尾镇'],
      [
        '行政代码',
        '行政区划',
        '姓名',
        '身份证号码',
        '属于城乡居保覆盖范围（√）',
        '不属于城乡居保覆盖范围（√）',
        '',
        '',
        '是否愿意参保（是，否）',
        '联系电话',
        '备注',
      ],
      ['', '', '', '', '', '在校学生', '已死亡未销户', '其他（列具体情况）'],
      ['1', '2', '3', '4', '7', '12', '16', '17', '18', '19', '20'],
      ['430981', '草尾镇', '甲', a, '√', '', '', '', '否', '13800000000', '人户分离'],
      ['430981', '草尾镇', '乙', b, '', '✓', '×', '', '', '', ''],
      ['430981', '草尾镇', '丙', c, '', '', '', '户口迁出', '', '', ''],
      ['430981', '草尾镇', '', '', '', '', '', '', '', '', ''],
      ['合计', '', '', '', '1', '1', '', '1', '', '', ''],
    ];
    const { rows, rejected, summary } = await readList('survey-workbook', [makeXlsx(table)]);
    expect(rejected).toEqual([]);
    expect(rows.map((one) => one.values)).toEqual([
      {
        villageCode: '430981',
        village: '草尾镇',
        col7: '1',
        willing: '否',
        phone: '13800000000',
        remark: '人户分离',
      },
      { villageCode: '430981', village: '草尾镇', col12: '1' },
      { villageCode: '430981', village: '草尾镇', col17: '1', remark: '户口迁出' },
    ]);
    expect(summary.files[0]?.headerRow).toBe(4);
    expect(summary.warnings).toEqual(['《名单-1.xlsx》工作表“Sheet1”有 1 行没有姓名和身份证号码，未读取。']);
  });
});
