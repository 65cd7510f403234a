import { describe, expect, it } from 'vitest';
import { becauseOf } from './because.ts';
import type { Content } from './claim.ts';
import { saysOf } from './says.ts';
import { packClass, unpackClass } from './step-class.ts';

const says = (source: string, content: Content, slot = ''): string[] =>
  saysOf(source, content, slot, (code) => `路${code}`).map(({ title, value }) => `${title}=${value}`);

describe('what a list says, in the words of the list', () => {
  it.each<[string, Content, string[]]>([
    [
      'household-register',
      { n: '王小明', st: 'moved', h: '0012', r: '子', a: '大福村3组', g: '430981114201', ph: 'secret' },
      [
        '姓名=王小明',
        '户籍状态=迁出',
        '户号=0012',
        '与户主关系=子',
        '户籍地址=大福村3组',
        '所在地=路430981114201',
      ],
    ],
    [
      'students',
      { n: '王小明', m: '沅江一中', x: '2021-06' },
      ['姓名=王小明', '预计毕业=2021-06', '学校=沅江一中'],
    ],
    ['residents-scheme', { s: 'paused', d: '2012-03' }, ['参保缴费状态=暂停缴费', '参保时间=2012-03']],
    ['prisoners', { d: '2017-05-01', x: '2024-04-30' }, ['刑期起=2017-05-01', '刑期止=2024-04-30']],
    [
      'insurance-compare',
      { f: [{ k: 'enterprise', w: 'elsewhere', e: 'lapsed', pv: '44', d: '2015-01' }] },
      ['企业职工养老保险=广东，暂停、中断，2015-01'],
    ],
    ['disability', { c: '1', m: '肢体' }, ['级别=一级', '类别=肢体']],
    [
      'survey-workbook',
      { w: 'refuses', i: 'no', t: [7], rs: '家庭困难' },
      ['核实情况=无参保意愿', '是否愿意参保=否', '附件3第7栏=√ 属于城乡居保覆盖范围', '未参保原因=家庭困难'],
    ],
  ])('%s', (source, content, expected) => {
    expect(says(source, content)).toEqual(expected);
  });

  it('payments with their year', () => {
    expect(
      says(
        'residents-payments',
        {
          p: [
            [30000, '2020-09-03', '个人', 'V1'],
            [-10000, '', '', ''],
          ],
        },
        '2020',
      ),
    ).toEqual(['缴费年度=2020', '缴费=300.00 元，2020-09-03，个人', '缴费=-100.00 元']);
  });
});

describe('because', () => {
  const facts = (column: number, rank: number, scheme: 'none' | 'paying' = 'none') =>
    unpackClass(packClass(column, rank, scheme, false, 'unknown', true, false, '16-59', 0, false));

  it('names list, office, day, row and what it says', () => {
    const row = {
      title: '在校学生',
      office: '教育',
      asOf: '2020-08-31',
      row: 12,
      says: [
        { title: '姓名', value: '王小明' },
        { title: '学校', value: '沅江一中' },
      ],
    };
    expect(becauseOf(facts(12, 10), row, { birth: '2003-01-01' })).toBe(
      '教育报送的《在校学生》（截至2020年8月31日）第12行写明学校“沅江一中”：在在校学生名单内，所以判定为“在校学生”。',
    );
  });

  it('a decision, an age and nothing found have sentences of their own', () => {
    const decision = { reason: '死亡证明有误', document: '证明.pdf' };
    expect(becauseOf(facts(7, 0), undefined, { birth: '1950-01-01', decision })).toContain(
      '理由：死亡证明有误（材料：证明.pdf）',
    );
    expect(becauseOf(facts(17, 13), undefined, { birth: '2010-05-01' })).toContain('2010年5月1日出生');
    expect(becauseOf(facts(7, 14), undefined, { birth: '1980-05-01' })).toContain('应当参保、还没有登记');
  });
});
