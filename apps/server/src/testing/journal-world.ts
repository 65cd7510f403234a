import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import type { Scope } from '../db/port.ts';
import { type DeliveryRequest, initCounty } from '../features/sources/index.ts';
import type { FileStore } from '../secrets/file-store.ts';
import { type Engine, openTestInstance, type TestInstance } from './instance.ts';

/** A small invented county: two towns of two villages, 25 people, and lists about them. */
export const COUNTY = '430981';
export const TOWNS = ['430981114', '430981115'] as const;
export const VILLAGES = ['430981114201', '430981114202', '430981115201', '430981115202'] as const;
export const SCOPE: Scope = { county: COUNTY, region: COUNTY, actor: 'test' };

const DIVISIONS = `code,name,level,parent,from,to,successor,aliases
43,湖南省,province,,,,,
4309,益阳市,city,43,,,,
430981,沅江市,county,4309,,,,
430981114,草尾镇,town,430981,,,,
430981115,阳罗洲镇,town,430981,,,,
430981114201,大福村,village,430981114,,,,
430981114202,乐园村,village,430981114,,,,
430981115201,宝三村,village,430981115,,,,
430981115202,富民村,village,430981115,,,,
`;

/** Some turn 16, 25 or 60 among the days the lists are about. */
const BIRTHS = [
  '19601005',
  '20040920',
  '19950910',
  '19551231',
  '19800229',
  '20101111',
  '19620630',
  '19991001',
];
const NAMES = ['王建国', '李秀英', '张伟', '刘洋', '陈静', '杨帆', '赵敏'];

export const PEOPLE = Array.from({ length: 25 }, (_, i) => {
  const first17 = `430981${BIRTHS[i % BIRTHS.length]}${String(100 + i)}`;
  return { id: first17 + checkDigit(first17), name: NAMES[i % NAMES.length] as string };
});

/** Wrong numbers that a list may hold instead; each always the same. */
export const WRONG = [0, 1, 2].map((i) => {
  const id = (PEOPLE[i * 3] as { id: string }).id;
  return id.slice(0, 17) + (id[17] === '1' ? '2' : '1');
});

/** One line of a list: whom it names (25 and up: a wrong number), and two dice that choose what it says. */
export interface Line {
  readonly who: number;
  readonly x: number;
  readonly y: number;
}

export interface ListSpec {
  readonly source: string;
  readonly sender?: string | undefined;
  readonly region?: string | undefined;
  readonly mode?: 'full' | 'delta' | undefined;
  readonly asOf: string;
  readonly lines: readonly Line[];
}

const of = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
const STATED = ['', '2020-07-15', '2020-08', '2019-03-01', '', ''];

interface Layout {
  readonly header: string;
  readonly cells: (x: number, y: number, name: string, dates: boolean) => string[];
}

const date = (y: number, dates: boolean): string => (dates ? of(STATED, y) : '');

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'household-register': {
    header: '姓名,户籍地址,行政区划代码,户籍状态,组',
    cells: (x, y, name) => [
      name,
      of(['沅江市', '沅江市第二村民小组7号', '沅江市', '沅江市1组'], x + y),
      of([...VILLAGES, TOWNS[0], ''], y),
      of(['正常', '正常', '正常', '死亡', '迁出', '正常'], x),
      of(['1组', '', '三', '2', '老屋组'], x * 2 + y),
    ],
  },
  'residents-scheme': {
    header: '姓名,参保状态,缴费状态,参保时间',
    cells: (x, y, name, dates) => [
      name,
      ...of(['1,1', '2,2', '1,3', '4,3', '1,1', '9,9'], x).split(','),
      date(y, dates),
    ],
  },
  'residents-payments': {
    header: '缴费年度,金额,日期,凭证号',
    cells: (x, y, _name, dates) => [
      of(['2020', '2021', '2020', '2019'], x),
      of(['100', '300', '-100', '200'], y),
      date(y, dates),
      of(['', 'V1', 'V2', ''], x + y),
    ],
  },
  deaths: { header: '姓名,死亡日期', cells: (_x, y, name, dates) => [name, date(y, dates)] },
  students: {
    header: '姓名,学校,预计毕业',
    cells: (x, _y, name, dates) => [name, '沅江一中', dates ? of(['', '2020-09-20', '2021-06', ''], x) : ''],
  },
  'employees-in-province': {
    header: '姓名,状态,参保日期',
    cells: (x, y, name, dates) => [name, of(['在职', '暂停', '终止', '退休', '奇怪'], x), date(y, dates)],
  },
  'insurance-compare': {
    header: '险种类型,行政区划,缴费状态',
    cells: (x, y) => [
      of(['企业职工', '机关事业', '城乡居民'], x),
      of(['广东省', '湖南省', '沅江市', '440300'], y),
      of(['正常', '暂停', '终止'], x + y),
    ],
  },
  'survey-workbook': {
    header: '姓名,核实情况,是否愿意参保,12位区划编码,联系时间,村组',
    cells: (x, y, name, dates) => [
      name,
      of(['愿意', '参军', '自愿放弃', '服刑', '', '空挂户'], x),
      of(['是', '否', '', '是'], y),
      of(['', '', ...VILLAGES], x + y),
      date(y, dates),
      of(['', '3组', ''], x),
    ],
  },
  'province-list': {
    header: '姓名,户籍地址,行政区划,批次',
    cells: (x, y, name) => [name, '沅江市', of([...VILLAGES, ''], y), `${1 + (x % 2)}`],
  },
};

export const SOURCES = Object.keys(LAYOUTS);

/** The list as csv text. @param dates with the days its rows would state, which may lie before its own */
function csvOf(source: string, lines: readonly Line[], dates = true): string {
  const layout = LAYOUTS[source] as Layout;
  const rows = lines.map(({ who, x, y }) => {
    const person = PEOPLE[who];
    const id = person?.id ?? (WRONG[who - PEOPLE.length] as string);
    const name = x === 5 && y === 5 ? '另名' : (person?.name ?? '错号');
    return [id, ...layout.cells(x, y, name, dates)].join(',');
  });
  return `身份证号码,${layout.header}\n${rows.join('\n')}\n`;
}

export interface World extends TestInstance {
  /** Writes the list as files and says it as a request. */
  request(spec: ListSpec, options?: { slices?: number; dates?: boolean }): DeliveryRequest;
  /** A file of the given text in the world's own directory. */
  file(name: string, text: string): { name: string; path: string };
  /** Everything received is forgotten; the county and its divisions stay. */
  reset(): Promise<void>;
}

/** What a county has received and what follows from it, emptied in this order. */
const EMPTIED = [
  'count_delta',
  'finding',
  'ledger_item',
  'ledger_event',
  'ledger_closing',
  'ledger_task',
  'notice',
  'visit',
  'found_person',
  'media_piece',
  'media',
  'device',
  'workbook_row',
  'workbook_return',
  'workbook_line',
  'workbook_issue',
  'village_cover',
  'survey_round',
  'back_check_visit',
  'back_check',
  'headcount',
  'filing',
  'team_member',
  'checklist_gate',
  'checklist_event',
  'checklist_item',
  'checklist',
  'target_receipt',
  'target_share',
  'target_version',
  'target_plan',
  'paper',
  'paper_template',
  'supervision_rule',
  'submission',
  'submission_version',
  'submission_event',
  'supervision_order',
  'supervision_step',
  'warning_notice',
  'meeting',
  'meeting_decision',
  'city_problem',
  'assessment_scheme',
  'assessment_round',
  'assessment_frozen',
  'assessment_unit',
  'assessment_value',
  'assessment_appeal',
  'assessment_act',
  'assessment_file',
  'address_placement',
  'address_application',
  'address_rule',
  'step',
  'step_class',
  'adjudication',
  'claim',
  'person',
  'id_fix',
  'rejected_row',
  'delivery_file',
  'delivery_reading',
  'stored_file',
  'delivery',
  'header_choice',
  'stage_row',
  'stage_person',
  'touched',
  'person_search',
  'name_key',
  'search_due',
  'audit_event',
];

/** Originals in memory: a thousand random journals need no thousand synced files. */
function memoryFiles(): FileStore {
  const held = new Map<string, Buffer>();
  const get = (digest: string): Buffer => {
    const found = held.get(digest);
    if (found === undefined) throw new Error(`no file ${digest}`);
    return found;
  };
  return {
    put: async (source) => {
      if (typeof source !== 'string') throw new Error('only paths');
      const content = await readFile(source);
      const digest = createHash('sha256').update(content).digest('hex');
      held.set(digest, content);
      return { digest, bytes: content.length };
    },
    open: (digest) => Readable.from([get(digest)]),
    materialise: (digest, path) => writeFile(path, get(digest)),
    has: async (digest) => held.has(digest),
    digests: async () => [...held.keys()],
    renew: async () => false,
    delete: async (digest) => held.delete(digest),
  };
}

/** @param options.inMemory keeps the originals in memory instead of the encrypted store */
export async function openWorld(engine: Engine, options: { inMemory?: boolean } = {}): Promise<World> {
  const opened = await openTestInstance(engine);
  const instance = options.inMemory ? { ...opened, files: memoryFiles() } : opened;
  const files = mkdtempSync(join(tmpdir(), 'quanbao-world-'));
  let written = 0;
  const file = (name: string, text: string): { name: string; path: string } => {
    const path = join(files, `${written++}-${name}`);
    writeFileSync(path, text);
    return { name, path };
  };
  await initCounty(instance, COUNTY, 'test', { divisions: file('区划.csv', DIVISIONS).path });
  return {
    ...instance,
    file,
    request: (spec, { slices = 1, dates = true } = {}) => {
      const size = Math.max(1, Math.ceil(spec.lines.length / slices));
      const parts: Line[][] = [];
      for (let i = 0; i < spec.lines.length; i += size) parts.push(spec.lines.slice(i, i + size));
      return {
        source: spec.source,
        asOf: spec.asOf,
        ...(spec.sender === undefined ? {} : { sender: spec.sender }),
        ...(spec.region === undefined ? {} : { region: spec.region }),
        ...(spec.mode === undefined ? {} : { mode: spec.mode }),
        files: parts.map((part, i) => file(`${i + 1}.csv`, csvOf(spec.source, part, dates))),
      };
    },
    reset: () =>
      instance.db.asOwner(async (tx) => {
        const emptied = EMPTIED.map((table) => `delete from ${table} where county = '${COUNTY}'`).join(';');
        await tx.query(
          `${emptied}; update county set horizon = '1970-12-31', latest_day = null, payments_from = null, settings = '{}', next_delivery = 1, next_change = next_change + 1;
           alter sequence person_number restart`,
        );
      }),
    close: async () => {
      await instance.close();
      await rm(files, { recursive: true, force: true });
    },
  };
}
