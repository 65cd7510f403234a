import type { Grade, Method, Scheme, SchemeLine } from './scheme.ts';

/** Customary in such schemes; no paper we have sets them, so a scheme that uses them says `own`. */
const GRADES: readonly Grade[] = [
  { code: 'excellent', title: '优秀', from: 90, share: 30, passes: true },
  { code: 'good', title: '良好', from: 80, passes: true },
  { code: 'pass', title: '合格', from: 60, passes: true },
  { code: 'fail', title: '不合格', from: 0, passes: false },
];

function by(value: number, until: string, zeroAt?: number): Method {
  return { kind: 'proportional', targets: [{ until, value }], ...(zeroAt === undefined ? {} : { zeroAt }) };
}

function line(
  code: string,
  title: string,
  basis: string,
  full: number,
  method: Method,
  source: SchemeLine['source'] = { indicator: code },
): SchemeLine {
  return { code, title, kind: 'score', basis, source, full, method };
}

const MILESTONES: Method = {
  kind: 'proportional',
  targets: [
    { until: '2020-08-31', value: 0.5 },
    { until: '2020-10-31', value: 1 },
  ],
};

/** 第四阶段考核: scored by the work-performance scheme of 2020, whose own weights are not in the paper we have. */
const YUANJIANG: Scheme = {
  code: 'yuanjiang-2020-10',
  title: '沅江市城乡居保全覆盖行动10月考核',
  assessed: 'towns',
  offices: [],
  from: '2020-08-01',
  document: '《2020年度沅江市工作绩效评估方案》；城乡居保全覆盖行动实施方案（三）强化督办，严格考核',
  sure: 'own',
  full: 100,
  bonusCap: 5,
  decimals: 2,
  lines: [
    line('coverage-rate', '城乡居保覆盖率', 'Y10.2、Y15', 20, {
      kind: 'steps',
      steps: [
        { at: 0.98, points: 20 },
        { at: 0.95, points: 16 },
        { at: 0.9, points: 12 },
        { at: 0.8, points: 6 },
      ],
    }),
    line('verify-task-rate', '核实任务完成率（8月底50%，10月底100%）', 'Y10.2、Y11', 25, MILESTONES),
    line('expand-task-rate', '扩面任务完成率（8月底50%，10月底100%）', 'Y10.2、Y1.5', 15, MILESTONES),
    line('paying-rate', '参保缴费率', 'Y10.2、Y15', 15, by(0.95, '2020-10-31', 0.5)),
    line('reason-proved-rate', '未参保原因佐证率', 'Y10.4', 10, by(1, '2020-10-31')),
    line('key-group-rate', '重点对象参保率', 'Y2.1', 5, by(1, '2020-10-31', 0.8)),
    line('write-off-rate', '销号率', 'Y1.4', 5, by(0.9, '2020-10-31')),
    line(
      'late-reports',
      '周报、月报按时报送',
      'Y10.1',
      5,
      { kind: 'each', points: 1 },
      {
        fact: { name: '迟报、漏报次数', unit: '次', better: 'less', record: 'late-reports' },
      },
    ),
    {
      code: 'commended',
      title: '工作推进有力，受市级以上通报表扬',
      kind: 'bonus',
      basis: 'Y10.2',
      source: { fact: { name: '通报表扬次数', unit: '次', better: 'more' } },
      full: 5,
      method: { kind: 'each', points: 2.5 },
    },
    {
      code: 'late-orders',
      title: '督办单逾期答复',
      kind: 'deduct',
      basis: 'Y10.3',
      source: {
        fact: { name: '督办单逾期答复件数', unit: '件', better: 'less', record: 'late-orders' },
      },
      full: 10,
      method: { kind: 'each', points: 2 },
    },
    {
      code: 'false-figures',
      title: '核实数据弄虚作假',
      kind: 'veto',
      basis: 'Y10.3、Y10.4',
      source: { fact: { name: '查实弄虚作假件数', unit: '件', better: 'less' } },
      full: 0,
      method: { kind: 'veto', limit: 0, grade: 'fail' },
    },
  ],
  grades: GRADES,
};

const QUANZHOU_TOWNS: Scheme = {
  code: 'quanzhou-towns',
  title: '全州县扩面征缴工作绩效考评（乡镇）',
  assessed: 'towns',
  offices: [],
  from: '2021-01-01',
  document: '全州县扩面征缴任务清单第1项（一）1（1）',
  sure: 'own',
  full: 100,
  bonusCap: 0,
  decimals: 2,
  lines: [
    line('insured-rate', '基本养老保险入库参保率', 'Q1.1', 40, by(0.95, '2021-12-31', 0.5)),
    line('collection-rate', '基本养老保险费征缴率', 'Q1.1', 40, by(1, '2021-12-31')),
    line('land-rate', '被征地农民参保率', 'Q1.1', 20, by(0.95, '2021-12-31', 0.5)),
  ],
  grades: GRADES,
};

const QUANZHOU_OFFICES: Scheme = {
  code: 'quanzhou-employees',
  title: '全州县企业职工基本养老保险激励约束综合评估（部门）',
  assessed: 'offices',
  offices: ['县人力资源社会保障局', '县财政局', '县税务局'],
  from: '2021-01-01',
  document: '全州县扩面征缴任务清单第1项（一）2（2）',
  sure: 'own',
  full: 100,
  bonusCap: 5,
  decimals: 2,
  lines: [
    line('employee-enrolment-rate', '企业职工参保扩面完成率', 'Q1.2', 40, by(1, '2021-12-31')),
    line('employee-collection-rate', '企业职工基金征缴完成率', 'Q1.2', 40, by(1, '2021-12-31')),
    line('duties-done', '任务清单中牵头事项完成率', 'Q1.2、Q7', 20, by(1, '2021-12-31'), {
      fact: { name: '牵头事项完成率', unit: '%', better: 'more' },
    }),
    {
      code: 'commended',
      title: '受上级通报表扬',
      kind: 'bonus',
      basis: 'Q1.2',
      source: { fact: { name: '通报表扬次数', unit: '次', better: 'more' } },
      full: 5,
      method: { kind: 'each', points: 2.5 },
    },
  ],
  grades: GRADES,
};

/** What a county has before it sets its own; it replaces one under the same code. */
export const SHIPPED_SCHEMES: readonly Scheme[] = [YUANJIANG, QUANZHOU_TOWNS, QUANZHOU_OFFICES];
