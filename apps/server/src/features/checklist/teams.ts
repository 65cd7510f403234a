import type * as contract from '@quanbao/contract/checklist';
import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import { isAllowed, type Role } from '@quanbao/domain/access/roles';
import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin, type RegionCode, regionLevel } from '@quanbao/domain/kernel/region';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { placeOf } from '../register/index.ts';
import { requireRegion } from '../reports/index.ts';
import { dayAsked } from './today.ts';

type Answer = AnswerOf<typeof contract.teams>;

interface Row {
  member: number;
  region: RegionCode;
  name: string;
  role: 'leader' | 'deputy' | 'member';
  duty: string;
  phone: Uint8Array | null;
  from: string;
}

/** 专班 on the day: of the place, above it and below it; and the places next below that have nobody. */
export async function listTeams(
  instance: Instance,
  scope: Scope,
  role: Role,
  asked: PlainDate | undefined,
): Promise<Answer> {
  return instance.db.transaction(scope, async (tx) => {
    const tree = await loadRegionTree(tx, scope.county);
    const day = await dayAsked(tx, scope, asked);
    const rows = await tx.query<Row>(
      `select member, region, name, role, duty, phone, from_day as "from" from team_member
       where county = $1 and from_day <= $2 and (to_day is null or to_day > $2)
       order by region, array_position(array['leader', 'deputy', 'member'], role), member`,
      [scope.county, day],
    );
    const manned = new Set(rows.map(({ region }) => region));
    const places = [scope.region, ...tree.children(scope.region, day).map(({ code }) => code)];
    return {
      asOf: day,
      items: rows.map(({ phone, ...row }) => ({
        ...row,
        member: Number(row.member),
        region: placeOf(tree, row.region),
        phone: phone === null ? '' : instance.cipher.decryptField(phone),
        writes: isAllowed(role, 'checklist.write') && isWithin(row.region, scope.region),
      })),
      without: places.filter((code) => !manned.has(code)).map((code) => placeOf(tree, code)),
    };
  });
}

export async function addTeamMember(
  instance: Instance,
  scope: Scope,
  order: BodyOf<typeof contract.addTeamMember>,
): Promise<{ member: number }> {
  const region = order.region ?? scope.region;
  const name = order.name.trim();
  const phone = order.phone?.replace(/[\s-]/g, '') ?? '';
  if (name.length < 2) throw new Refusal('team.name', '请写成员姓名（至少两个字）。');
  if (holdsIdNumber(name) || holdsIdNumber(order.duty)) {
    throw new Refusal('team.text', '姓名和职责里不能有身份证号码。');
  }
  if (phone !== '' && !/^\d{7,12}$/.test(phone)) {
    throw new Refusal('team.phone', '电话号码应为 7 至 12 位数字；请改正后再试。');
  }
  if (!isPlainDate(order.from)) throw new Refusal('checklist.day', '日期应为 2020-08-31 的样子。');
  await instance.db.transaction(scope, async (tx) => {
    requireRegion(await loadRegionTree(tx, scope.county), scope, region);
  });
  if (regionLevel(region) === 'group') throw new Refusal('team.region', '专班设到县、乡镇和村（社区）。');
  return instance.db.transaction(journalOf(scope), async (tx) => {
    const [row] = await tx.query<{ member: number }>(
      `insert into team_member (county, member, region, name, role, duty, phone, from_day, actor)
       select $1, coalesce(max(member), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from team_member where county = $1 returning member`,
      [
        scope.county,
        region,
        name,
        order.role,
        order.duty.trim(),
        phone === '' ? null : instance.cipher.encryptField(phone),
        order.from,
        scope.actor,
      ],
    );
    const member = Number(row?.member);
    const { county, actor } = scope;
    await record(tx, { county, actor, act: 'team.add', subject: `member ${member}`, region });
    return { member };
  });
}

export async function endTeamMember(
  instance: Instance,
  scope: Scope,
  member: number,
  to: PlainDate,
): Promise<void> {
  if (!isPlainDate(to)) throw new Refusal('checklist.day', '日期应为 2020-08-31 的样子。');
  const [row] = await instance.db.transaction(scope, (tx) =>
    tx.query<{ region: string; from: string }>(
      'select region, from_day as "from" from team_member where county = $1 and member = $2 and to_day is null',
      [scope.county, member],
    ),
  );
  if (row === undefined || !isWithin(row.region, scope.region)) {
    throw new Refusal('team.unknown', '没有这位成员，或由别的单位管理；请刷新后再选。');
  }
  if (to < row.from) throw new Refusal('team.day', `退出日期不能早于加入日期 ${row.from}。`);
  await instance.db.transaction(journalOf(scope), async (tx) => {
    await tx.query(
      'update team_member set to_day = $3 where county = $1 and member = $2 and to_day is null',
      [scope.county, member, to],
    );
    const { county, actor } = scope;
    await record(tx, { county, actor, act: 'team.end', subject: `member ${member}`, region: row.region });
  });
}
