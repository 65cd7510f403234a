import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { isWithin, type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { WRITTEN_OFF } from '@quanbao/domain/ledger/kinds';
import { COLOURS, planColour, type WarningRule } from '@quanbao/domain/supervision/warning';
import type { Scope } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { listChecklists } from '../../checklist/index.ts';
import { ledgerOverview } from '../../ledger/index.ts';
import { overdueSources } from '../../sources/index.ts';
import type { Cockpit, PlanBoard } from './board.ts';
import type { LateOrder } from './duties.ts';

type Line = Cockpit['lights'][number];
interface Here {
  readonly region: RegionCode;
  readonly asOf: PlainDate;
}
type Unsigned = readonly {
  readonly plan: { readonly plan: number; readonly title: string };
  readonly unsigned: number;
}[];

/** What the board has read already. */
interface Known {
  readonly plans: readonly PlanBoard[];
  readonly listed: Unsigned;
  readonly rules: readonly WarningRule[];
  readonly duties: Cockpit['duties'];
  readonly late: readonly LateOrder[];
}

/** What is late or behind, the worst first, each with the page where one acts. */
export async function readLights(
  instance: Instance,
  scope: Scope,
  role: Role,
  here: Here,
  { plans, listed, rules, duties, late }: Known,
): Promise<Line[]> {
  // Among those of one colour an order first: somebody has been asked already and has not answered.
  const lights = [
    ...lateOrders(duties, late),
    ...behind(plans, rules, isAllowed(role, 'people.read')),
    ...lateForms(duties),
  ];
  if (here.region === scope.region) {
    lights.push(...unsigned(plans, listed, regionLevel(here.region) === 'village'));
    lights.push(...(await lateTasks(instance, scope, role, here)));
  }
  if (isAllowed(role, 'people.read')) lights.push(...(await oldItems(instance, scope, here)));
  if (isAllowed(role, 'lists.read') && here.region === scope.county)
    lights.push(...(await lateLists(instance, scope, here)));
  const order = (line: Line): number => (COLOURS as readonly string[]).indexOf(line.light);
  return lights.toSorted((a, b) => order(b) - order(a));
}

/** Whom the work of a kind of plan is about: those are opened, and asked. */
const TO_DO: Readonly<Record<string, { todo: string; indicator: string }>> = {
  verify: { todo: '安排走访尚未摸底的人员', indicator: 'not-asked' },
  expand: { todo: '动员愿意参保的人员登记缴费', indicator: 'willing' },
};

/** The places of each plan; of a place without any in it, itself. The farthest behind first, of whichever plan. */
function behind(plans: readonly PlanBoard[], rules: readonly WarningRule[], opens: boolean): Line[] {
  return plans
    .flatMap(({ plan, whole, places }) =>
      (places.length > 0 ? places : [whole]).map(({ place, standing }) => ({ plan, place, standing })),
    )
    .toSorted((a, b) => (a.standing.points ?? 0) - (b.standing.points ?? 0))
    .flatMap(({ plan, place, standing }) => {
      const { state, rate, planned, amount } = standing;
      const light = state === 'behind' ? planColour(rules, plan.kind, rate, planned / amount) : undefined;
      if (light === undefined) return [];
      const at = { path: `/targets/${plan.plan}`, query: { region: place.code } };
      const work = TO_DO[plan.kind];
      return {
        light,
        kind: 'plan',
        place,
        words: `${place.name}：${plan.title}${standing.words}`,
        at,
        todo: work?.todo ?? '查看进度，明确下一步',
        // An office is shown no people: it sees how far the place has come.
        act:
          work && opens ? { path: '/people', query: { indicator: work.indicator, region: place.code } } : at,
      };
    });
}

function unsigned(plans: readonly PlanBoard[], listed: Unsigned, itself: boolean): Line[] {
  return listed.flatMap(({ plan: { plan, title }, unsigned: n }) => {
    if (n === 0 || !plans.some((one) => one.plan.plan === plan)) return [];
    const at = { path: `/targets/${plan}`, query: {} };
    return {
      light: 'yellow',
      kind: 'receipts',
      place: null,
      words: itself ? `${title}：本村（社区）还没有签收` : `${title}：${n} 个单位还没有签收`,
      at,
      todo: itself ? '签收' : '催促签收',
      act: at,
    };
  });
}

/** Of each place, and of each office, in one line: red once one of them has become the county's matter. */
function lateOrders(duties: Cockpit['duties'], late: readonly LateOrder[]): Line[] {
  const places = duties.flatMap(({ place }) => {
    const own = late.filter((one) => one.office === '' && isWithin(one.region.code, place.code));
    return own.length === 0 ? [] : [{ place, name: place.name, own }];
  });
  // A town is asked by itself, beside its villages.
  const asked = late.filter(
    ({ office, region }) => office === '' && !duties.some(({ place }) => isWithin(region.code, place.code)),
  );
  const itself = asked.slice(0, 1).map(({ region }) => ({ place: region, name: region.name, own: asked }));
  const offices = [...new Set(late.flatMap(({ office }) => (office === '' ? [] : [office])))].map((name) => ({
    place: null,
    name,
    own: late.filter(({ office }) => office === name),
  }));
  return [...itself, ...places, ...offices].map(({ place, name, own }) => {
    const worst = own.toSorted((a, b) => b.daysLate - a.daysLate)[0] as LateOrder;
    const red = own.some(({ escalationColour }) => escalationColour === 'red');
    const only = own.length === 1 ? `/orders/${worst.order}` : undefined;
    const query: Record<string, string> =
      place === null ? { state: 'late' } : { state: 'late', region: place.code };
    const at = only === undefined ? { path: '/orders', query } : { path: only, query: {} };
    const risen = worst.escalation === null ? '' : `，升级：${worst.escalation}`;
    return {
      light: red ? 'red' : 'orange',
      kind: 'orders',
      place,
      words: `${name}：${own.length} 份督办单逾期没有答复，最长 ${worst.daysLate} 天${risen}`,
      at,
      todo: red ? '约谈承办单位负责人，限期答复' : '督促答复',
      act: at,
    };
  });
}

/** Forms of all places in one line, for a week in which nobody reports would fill the board. */
function lateForms(duties: Cockpit['duties']): Line[] {
  const late = duties.filter((one) => one.lateForms > 0).toSorted((a, b) => b.lateForms - a.lateForms);
  if (late.length === 0) return [];
  const named = late.slice(0, 3).map(({ place, lateForms: n }) => `${place.name} ${n} 期`);
  const all = `${named.join('、')}${late.length > named.length ? `等 ${late.length} 个单位` : ''}`;
  const at = { path: '/calendar', query: {} };
  const forms = { light: 'orange', kind: 'forms', place: null, words: `报表迟报：${all}` };
  return [{ ...forms, at, todo: '编制并报送', act: at }];
}

async function lateTasks(instance: Instance, scope: Scope, role: Role, here: Here): Promise<Line[]> {
  const { items } = await listChecklists(instance, scope, role, here.asOf);
  return items
    .filter(({ region, counts }) => region.code === here.region && counts.late > 0)
    .map(({ list, title, counts }) => {
      const at = { path: `/checklists/${list}`, query: {} };
      return {
        light: 'orange',
        kind: 'checklist',
        place: null,
        words: `${title}：${counts.late} 项过了期限还没有销账`,
        at,
        todo: '申请销账，或说明原因',
        act: at,
      };
    });
}

/** Ages of the overview that have gone on too long, as the list of items is asked for them. */
const OLD = [
  { age: 'older', at: 3, light: 'red', words: '超过 90 天' },
  { age: 'quarter', at: 2, light: 'yellow', words: '31 至 90 天' },
] as const;

async function oldItems(instance: Instance, scope: Scope, here: Here): Promise<Line[]> {
  const { kinds } = await ledgerOverview(instance, scope, here);
  return OLD.flatMap(({ age, at, light, words }) =>
    kinds.flatMap(({ kind, title, ages }) => {
      const n = ages[at] ?? 0;
      if (n === 0 || !WRITTEN_OFF.some((one) => one === kind)) return [];
      const list = { path: '/items', query: { kind, age } };
      return {
        light,
        kind: 'ledger',
        place: null,
        words: `${title}台账：${n} 件未销号，${words}没有进展`,
        at: list,
        todo: '指派承办人和期限，逐件销号',
        act: list,
      };
    }),
  );
}

async function lateLists(instance: Instance, scope: Scope, { asOf }: Here): Promise<Line[]> {
  const late = await instance.db.transaction(scope, (tx) => overdueSources(tx, scope, asOf));
  return late.map(({ source, title, office, latest, due }) => {
    const at = { path: '/sources', query: { source } };
    return {
      light: latest === null ? 'yellow' : 'orange',
      kind: 'list',
      place: null,
      words: `${office}：${title}${latest === null ? '从未报送' : `应于 ${due} 前报送`}`,
      at,
      todo: '催报这份名单',
      act: at,
    };
  });
}
