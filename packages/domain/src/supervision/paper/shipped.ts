import type { PaperKind } from './paper.ts';
import type { PaperTemplate, TemplateSection } from './template.ts';

const part = (
  heading: string,
  text: string | readonly string[],
  more: Partial<TemplateSection> = {},
): TemplateSection => ({
  heading,
  when: '',
  show: [],
  ...more,
  text: typeof text === 'string' ? text : text.join('\n'),
});

const HEAD = '{county}人力资源和社会保障局';
const BOTH: readonly string[] = [HEAD, '国家税务总局{county}税务局'];

const STANDING = (day: 'last-week' | 'last-month' | 'last-quarter', since: string): string =>
  `截至{date}，全{whole}城乡居民基本养老保险应覆盖{in-scope}人，已参保登记{registered}人，覆盖率{coverage-rate}[，${since}{change:coverage-rate@${day}}]；其中已缴费{paid}人[，${since}{change:paid@${day}}]，参保缴费率{paying-rate}[，${since}{change:paying-rate@${day}}]；未参保登记{not-registered}人[，其中愿意参保{willing}人、尚未摸底{not-asked}人]。`;
const RANKING = '[从覆盖率看，{ranking:coverage-rate}。]';
const FALLS = '[与上周相比覆盖率下降的有{falls:coverage-rate@last-week}，请查明原因，逐人核对。]';
const TASK =
  '核实任务{task-verify}人，已核实{verified}人，完成{verify-task-rate}[，按时间进度应完成{pace:verify-task-rate}，{gap:verify-task-rate}]。';
const BEHIND = part(
  '',
  [
    '[进度靠后的是{behind:verify-task-rate}。]',
    '{units}要对照时间进度倒排工期，逐村逐户销号；进度滞后的单位要说明原因，提出赶进度的具体措施，确保任务完成进度与时间进度同步。',
  ],
  { when: 'gap:verify-task-rate < 0' },
);

const weekly: PaperTemplate = {
  kind: 'weekly',
  title: '{region}城乡居民基本养老保险全覆盖专项行动周报',
  redHead: '',
  number: '〔{year}〕第{no}期',
  to: '{offices}',
  cc: '{county}人民政府办公室',
  offices: [HEAD],
  sections: [
    part('总体进展', [STANDING('last-week', '较上周'), RANKING, FALLS], {
      show: ['ranking:coverage-rate@last-week', 'places:coverage-rate', 'weeks:coverage-rate'],
    }),
    part('任务进度', TASK, { when: 'task-verify > 0' }),
    BEHIND,
    part('台账销号', [
      '截至{date}，应销号台账{written-off-items}件，已销号{written-off}件[，较上周{change:written-off@last-week}]，销号率{write-off-rate}；应保未保台账已查明{uninsured-known}件，入户核实率{visit-rate}。',
    ]),
    part(
      '下一步工作',
      '{units}要盯紧未参保登记的{not-registered}人，做到边摸底、边宣传、边登记、边缴费；对不愿参保的详细记录原因或签订意愿书，对联系不上的注明联系时间和方式，做到记录有痕。',
      { when: 'not-registered > 0' },
    ),
    part('下一步工作', '{units}要巩固全覆盖成果，对新增应参保人员及时摸底登记，抓好续保缴费。', {
      when: 'not-registered = 0',
    }),
  ],
};

const monthly: PaperTemplate = {
  kind: 'monthly',
  title: '关于{month}月份{region}城乡居民基本养老保险全覆盖专项行动进展情况的通报',
  redHead: `${HEAD}文件`,
  number: '全覆盖通报〔{year}〕{no}号',
  to: '{offices}',
  cc: '{county}人民政府办公室',
  offices: BOTH,
  sections: [
    part('', '现将截至{full-date}城乡居民基本养老保险全覆盖专项行动进展情况通报如下。'),
    part('总体情况', [STANDING('last-month', '较上月末')], { show: ['weeks:coverage-rate'] }),
    part('各单位进展', RANKING, { show: ['ranking:coverage-rate@last-month', 'places:coverage-rate'] }),
    part('任务完成情况', TASK, { when: 'task-verify > 0' }),
    BEHIND,
    part('重点对象和台账', [
      '建档立卡、低保、特困人员和重度残疾人中属于覆盖范围的{key-groups}人，已参保登记{key-registered}人[，参保率{key-group-rate}]。',
      '应销号台账{written-off-items}件，已销号{written-off}件[，销号率{write-off-rate}][，较上月末{change:write-off-rate@last-month}]。',
    ]),
    part('工作要求', [
      '{units}要切实扛起属地责任，对照附表查找差距，对未参保人员逐人落实；对未按时完成任务的，按照年度工作绩效评估方案扣分；对完成任务好、推进有力的，适时通报表扬。',
    ]),
    part('', '', { show: ['form:annex5'] }),
  ],
};

const acceptance: PaperTemplate = {
  kind: 'acceptance',
  title: '关于{year}年{region}城乡居民基本养老保险全覆盖专项行动验收情况的通报',
  redHead: `${HEAD}文件`,
  number: '全覆盖验收〔{year}〕{no}号',
  to: '{offices}',
  cc: '{county}人民政府办公室',
  offices: BOTH,
  sections: [
    part(
      '',
      '按照专项行动方案安排，对{units}实施城乡居民基本养老保险全覆盖专项行动情况进行了总结验收。现将截至{full-date}的验收情况通报如下。',
    ),
    part('完成情况', [
      '全{whole}城乡居民基本养老保险应覆盖{in-scope}人，已参保登记{registered}人，覆盖率{coverage-rate}；已缴费{paid}人，参保缴费率{paying-rate}。',
      '[核实任务{task-verify}人，已核实{verified}人，完成{verify-task-rate}。]',
      '[扩面任务{task-expand}人，已完成{expanded}人，完成{expand-task-rate}。]',
    ]),
    part(
      '考核得分和定级',
      [
        '[{assessment:basis}。]',
        '[{assessment:grades}。][{assessment:passed}。]',
        '[{assessment:ends}。][{assessment:notes}。]',
        '[{assessment:pending}]',
      ],
      { show: ['assessment:result'] },
    ),
    part('任务完成结果', [
      RANKING,
      '[覆盖率达到100%的有{reached:coverage-rate}。]',
      '[完成核实任务的有{reached:verify-task-rate}。]',
      '[未完成核实任务的有{missed:verify-task-rate}。]',
    ]),
    part('未参保人员情况', [
      '未参保登记{not-registered}人，其中愿意参保{willing}人、无参保意愿{refuses}人、尚未摸底{not-asked}人；应保未保未销号{uninsured-open}件，原因有佐证{reason-proved}件[，原因佐证率{reason-proved-rate}]。',
    ]),
    part('', '对未完成任务的单位，要求限期整改，并按照年度工作绩效评估方案扣分。', {
      when: 'verify-task-rate < 100%',
    }),
    part('', '', {
      show: ['places:coverage-rate', 'ranking:verify-task-rate', 'form:annex5', 'assessment:lines'],
    }),
  ],
};

const report: PaperTemplate = {
  kind: 'report',
  title: '关于{region}城乡居民基本养老保险全覆盖工作情况的报告',
  redHead: '',
  number: '全覆盖报告〔{year}〕{no}号',
  to: '{county}人民政府',
  cc: '',
  offices: [HEAD],
  sections: [
    part('', '现将截至{full-date}城乡居民基本养老保险全覆盖工作情况报告如下。'),
    part('总体情况', [
      '全{whole}户籍人口{population}人，已参加职工养老保险等{insured-by-employment}人。',
      STANDING('last-month', '较上月末'),
      '[库内应参保{should-insure}人，已参保{should-insured}人，入库参保率{insured-rate}。]',
    ]),
    part('任务进度', [TASK, '[进度靠后的是{behind:verify-task-rate}。]'], { when: 'task-verify > 0' }),
    part('各地进展', RANKING, { show: ['places:coverage-rate', 'weeks:coverage-rate'] }),
    part('重点对象', [
      '重点对象{key-groups}人，已参保登记{key-registered}人[，参保率{key-group-rate}]；被征地农民{land-expropriated}人，已参保{land-insured}人[，参保率{land-rate}]。',
    ]),
    part(
      '续缴情况',
      '应缴人员{due-payers}人中已缴费{due-paid}人，缴费率{due-paying-rate}，续缴工作还需加力。',
      {
        when: 'due-paying-rate < 100%',
      },
    ),
    part(
      '存在的问题',
      '仍有{not-registered}人未参保登记，其中无参保意愿{refuses}人、尚未摸底{not-asked}人。',
      { when: 'not-registered > 0' },
    ),
    part('下一步打算', ['坚持一周一调度、一月一通报，盯紧未参保人员逐人销号，对进度滞后的单位跟踪督办。']),
    part('', '特此报告。', { show: ['form:annex5'] }),
  ],
};

const quarterly: PaperTemplate = {
  kind: 'quarterly',
  title: '{region}{year}年第{quarter}季度城乡居民基本养老保险参保扩面分析',
  redHead: '',
  number: '分析〔{year}〕第{no}期',
  to: '{offices}',
  cc: '{county}人民政府办公室',
  offices: [HEAD],
  sections: [
    part('参保扩面', [STANDING('last-quarter', '较上季末'), RANKING], {
      show: ['weeks:coverage-rate', 'ranking:coverage-rate@last-quarter'],
    }),
    part('缴费和续保', [
      '应缴人员{due-payers}人，已缴费{due-paid}人[，应缴人员缴费率{due-paying-rate}][，较上季末{change:due-paying-rate@last-quarter}]。',
      '[上年缴费{paid-last-year}人，本年已缴费{renewed}人，续保率{renewal-rate}。]',
    ]),
    part('预警', ['覆盖率低于95%，属于扩面重点地区，要逐村排查未参保登记的{not-registered}人。'], {
      when: 'coverage-rate < 95%',
    }),
    part('', '[覆盖率较上季末{change:coverage-rate@last-quarter}，要查明是人员迁入、数据更正还是断保。]', {
      when: 'change:coverage-rate@last-quarter < 0',
    }),
    part('', '[核实任务{gap:verify-task-rate}，要加快摸底。]', { when: 'gap:verify-task-rate < 0' }),
    part('基金运行', '基金收支和可支付月数待接入，本期不作分析，也不以零计算。'),
  ],
};

const SHIPPED: Readonly<Record<PaperKind, PaperTemplate>> = {
  weekly,
  monthly,
  acceptance,
  report,
  quarterly,
};

/** What stands where a county has not changed it. */
export function shippedTemplate(kind: PaperKind): PaperTemplate {
  return SHIPPED[kind];
}
