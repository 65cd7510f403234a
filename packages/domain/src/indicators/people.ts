import type { StepClass, Tag } from '../coverage/step-class.ts';
import { anybody, type PeopleCount, people } from './indicator.ts';

type Matches = (c: StepClass) => boolean;

function reason(code: string, name: string, column: number): PeopleCount {
  const definition = `户籍人口中附件3第${column}栏为√的人数`;
  return people({ code, name, definition, clause: 'Y14' }, (c) => c.column === column);
}

const inScope: Matches = (c) => c.column === 7;
const registered: Matches = (c) => inScope(c) && c.registered;
const waiting: Matches = (c) => inScope(c) && !c.registered;
/** What 扩面任务 is given by: joining takes nobody out, so what is done never passes what was asked. */
const wants: Matches = (c) => inScope(c) && c.willing === 'yes';
const byEmployment: Matches = (c) => c.column >= 8 && c.column <= 10;
/** Neither too young, at school, serving, in prison, abroad nor dead: somebody some scheme is for. */
const shouldInsure: Matches = (c) => c.column >= 7 && c.column <= 11;
const duePayer: Matches = (c) =>
  registered(c) && (c.scheme === 'paying' || c.scheme === 'paused') && c.ageBand === '16-59';
const paidBefore: Matches = (c) => registered(c) && c.ageBand === '16-59' && c.paidLastYear;
const KEY_TAGS: readonly Tag[] = ['poverty-registered', 'low-income', 'extreme-poverty', 'severe-disability'];
const keyGroup: Matches = (c) => inScope(c) && c.tags.some((tag) => KEY_TAGS.includes(tag));
const landless: Matches = (c) => shouldInsure(c) && c.tags.includes('land-expropriated');

export const PEOPLE: readonly PeopleCount[] = [
  people(
    {
      code: 'population',
      name: '户籍人口数',
      definition: '公安户籍名册所列人员，每人计一次',
      clause: 'Y14',
    },
    () => true,
  ),
  people(
    {
      code: 'in-scope',
      name: '属于城乡居保覆盖范围人数',
      definition: '户籍人口中附件3第7栏为√的人数',
      clause: 'Y14',
    },
    inScope,
  ),
  people(
    {
      code: 'not-in-scope',
      name: '不属于城乡居保覆盖范围人数',
      definition: '附件4第6栏与第10至16栏之和',
      clause: 'Y14',
    },
    (c) => !inScope(c),
  ),
  people(
    {
      code: 'insured-by-employment',
      name: '已参加职保人数',
      definition: '附件4第7、8、9栏之和',
      clause: 'Y14',
    },
    byEmployment,
  ),
  reason('employee-in-province', '已参加省内企业职保', 8),
  reason('public-in-province', '已参加省内机关事保', 9),
  reason('employee-elsewhere', '已参加外省职工养老保险', 10),
  reason('obligated', '职工养老保险法定人员（未参保）', 11),
  reason('student', '在校学生', 12),
  reason('military', '现役军人', 13),
  reason('prison', '服刑人员', 14),
  reason('abroad', '已出国（境）定居', 15),
  reason('dead', '已死亡未销户', 16),
  reason('other', '其他', 17),
  people(
    {
      code: 'refuses',
      name: '无参保意愿人数',
      definition: '属于覆盖范围、未参保登记、是否愿意参保为“否”',
      clause: 'Y14',
      better: 'less',
    },
    (c) => waiting(c) && c.willing === 'no',
  ),
  people(
    {
      code: 'willing',
      name: '拟参保扩面人数',
      definition: '属于覆盖范围、未参保登记、是否愿意参保为“是”',
      clause: 'Y14',
    },
    (c) => waiting(c) && c.willing === 'yes',
  ),
  people(
    {
      code: 'not-asked',
      name: '尚未摸底人数',
      definition: '属于覆盖范围、未参保登记、尚无是否愿意参保的答复',
      clause: 'Y14',
      better: 'less',
    },
    (c) => waiting(c) && c.willing === 'unknown',
  ),
  people(
    {
      code: 'registered',
      name: '已进行城乡居保参保登记人数',
      definition: '属于覆盖范围，参保状态为正常缴费、暂停缴费、正常待遇或暂停待遇',
      clause: 'Y15',
      better: 'more',
    },
    registered,
  ),
  people(
    {
      code: 'paid',
      name: '其中已缴费人数',
      definition: '已进行参保登记，当年缴费净额大于0（含政府代缴）',
      clause: 'Y15',
      better: 'more',
    },
    (c) => registered(c) && c.paid,
  ),
  people(
    {
      code: 'not-registered',
      name: '未进行城乡居保参保登记人数',
      definition: '属于覆盖范围而未进行参保登记',
      clause: 'Y15',
      better: 'less',
    },
    waiting,
  ),
  people(
    {
      code: 'due-payers',
      name: '应缴人员',
      definition: '已进行参保登记，正常缴费或暂停缴费，年满16周岁未满60周岁',
      clause: 'Y15',
      sure: 'own',
    },
    duePayer,
  ),
  people(
    {
      code: 'due-paid',
      name: '应缴人员中已缴费人数',
      definition: '应缴人员中当年缴费净额大于0',
      clause: 'Y15',
      better: 'more',
      sure: 'own',
    },
    (c) => duePayer(c) && c.paid,
  ),
  people(
    {
      code: 'insured-any',
      name: '已参加任一养老保险人数',
      definition: '已参加职保，或已进行城乡居保参保登记',
      clause: 'Q1.1',
      better: 'more',
      sure: 'own',
    },
    (c) => c.insuredAny,
  ),
  people(
    {
      code: 'should-insure',
      name: '库内应参保人数',
      definition: '户籍人口中附件3第7至11栏为√的人数：属于覆盖范围、已参加职保或职工养老保险法定人员',
      clause: 'Q1.1',
      sure: 'reading',
    },
    shouldInsure,
  ),
  people(
    {
      code: 'should-insured',
      name: '库内已参保人数',
      definition: '库内应参保人员中已参加职保或已进行城乡居保参保登记',
      clause: 'Q1.1',
      better: 'more',
      sure: 'reading',
    },
    (c) => shouldInsure(c) && c.insuredAny,
  ),
  anybody(
    {
      code: 'on-province-list',
      name: '省厅名单所列人数',
      definition: '省厅下发比对名单所列人员（各批合并），每人计一次',
      clause: 'Y1.1',
      sure: 'own',
    },
    (c) => c.onProvinceList,
  ),
  anybody(
    {
      code: 'verified',
      name: '已核实人数',
      definition: '省厅名单所列人员中，已参保登记、不属于覆盖范围或已有是否愿意参保的答复',
      clause: 'Y1.5',
      better: 'more',
      sure: 'own',
    },
    (c) => c.onProvinceList && !(waiting(c) && c.willing === 'unknown'),
  ),
  people(
    {
      code: 'wants',
      name: '摸底有参保意愿人数',
      definition: '属于覆盖范围、是否愿意参保为“是”，不论是否已参保登记',
      clause: 'Y1.5',
      sure: 'own',
    },
    wants,
  ),
  people(
    {
      code: 'expanded',
      name: '扩面完成人数',
      definition: '摸底答复愿意参保的人员中，已参保登记且当年缴费净额大于0',
      clause: 'Y1.5',
      better: 'more',
      sure: 'own',
    },
    (c) => wants(c) && c.registered && c.paid,
  ),
  people(
    {
      code: 'key-groups',
      name: '重点对象人数',
      definition: '属于覆盖范围的建档立卡、低保、特困人员和重度残疾人，每人计一次',
      clause: 'Y2.1',
      sure: 'own',
    },
    keyGroup,
  ),
  people(
    {
      code: 'key-registered',
      name: '重点对象已参保登记人数',
      definition: '重点对象中已进行参保登记',
      clause: 'Y2.1',
      better: 'more',
      sure: 'own',
    },
    (c) => keyGroup(c) && c.registered,
  ),
  people(
    {
      code: 'land-expropriated',
      name: '被征地农民人数',
      definition: '被征地农民名单所列人员中库内应参保人员',
      clause: 'Q1.1',
      sure: 'own',
    },
    landless,
  ),
  people(
    {
      code: 'land-insured',
      name: '被征地农民已参保人数',
      definition: '被征地农民中已参加职保或已进行城乡居保参保登记',
      clause: 'Q1.1',
      better: 'more',
      sure: 'own',
    },
    (c) => landless(c) && c.insuredAny,
  ),
  people(
    {
      code: 'paid-last-year',
      name: '上年缴费人员',
      definition: '已进行参保登记、年满16周岁未满60周岁，上年缴费净额大于0（不含死亡、满60周岁和转出人员）',
      clause: 'Q2.3',
      sure: 'reading',
    },
    paidBefore,
  ),
  people(
    {
      code: 'renewed',
      name: '上年缴费人员中本年已缴费人数',
      definition: '上年缴费人员中当年缴费净额大于0',
      clause: 'Q2.3',
      better: 'more',
      sure: 'reading',
    },
    (c) => paidBefore(c) && c.paid,
  ),
];

/** Tags that an indicator of people reads: who may not know a tag may not list those it counts. */
export const INDICATOR_TAGS: Readonly<Record<string, readonly Tag[]>> = {
  'key-groups': KEY_TAGS,
  'key-registered': KEY_TAGS,
  'land-expropriated': ['land-expropriated'],
  'land-insured': ['land-expropriated'],
};
