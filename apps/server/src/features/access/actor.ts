import { findRole, isAllowed, type Permission, type Role } from '@quanbao/domain/access/roles';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import { SHIPPED_SOURCES } from '@quanbao/domain/sources/catalogue';
import type { Scope } from '../../db/port.ts';

/** Who has signed in. */
export interface Actor {
  readonly county: RegionCode;
  readonly account: number;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly office: string;
  readonly region: RegionCode;
  readonly mustChange: boolean;
  readonly totp: boolean;
}

export interface SignedIn {
  readonly actor: Actor;
  /** The cookie's content. */
  readonly token: string;
  readonly csrf: string;
}

/** The sources whose lists an account sends, and of which it sees the content; undefined for all. */
export function sourcesOf(actor: Pick<Actor, 'role' | 'office'>): string[] | undefined {
  if (findRole(actor.role)?.ofOffice !== true) return undefined;
  return SHIPPED_SOURCES.filter((source) => source.office === actor.office).map((source) => source.code);
}

/** How far the account sees, as the database is told it. */
export function scopeOfActor(actor: Actor): Scope {
  const scope = { county: actor.county, region: actor.region, actor: actor.login };
  const sources = sourcesOf(actor);
  if (sources !== undefined) return { ...scope, duty: 'office', sources };
  if (actor.role === 'county') return scope;
  return { ...scope, duty: isAllowed(actor.role, 'people.read') ? 'read' : 'door' };
}

/**
 * An office's own list is received by the county's journal, under the name of who sent it.
 * @param source the list's, once it is known
 */
export function scopeToReceive(actor: Actor, source?: string): Scope {
  if (!isAllowed(actor.role, 'lists.send')) throw forbidden();
  const own = sourcesOf(actor);
  if (own !== undefined && source !== undefined && !own.includes(source)) {
    throw new Refusal(
      'access.source',
      `${actor.office}的账号只能报送本部门的名单；请换一个来源，或请人社报送。`,
    );
  }
  return { county: actor.county, region: actor.county, actor: actor.login };
}

export function doorScope(county: RegionCode, actor: string): Scope {
  return { county, region: county, actor, duty: 'door' };
}

export function requirePermission(actor: Actor, permission: Permission): void {
  if (!isAllowed(actor.role, permission)) throw forbidden(permission, actor.role);
}

/** What the permissions are called when one is missing. */
const WORDS: Readonly<Record<Permission, string>> = {
  'people.read': '查看人员',
  'people.reveal': '查看全号',
  'people.export': '导出人员',
  'visits.write': '入户摸底',
  'workbooks.merge': '合并返回的底册',
  'workbooks.take': '下载底册',
  'survey.manage': '组织摸底',
  'targets.write': '制定和分解任务',
  'targets.sign': '签收任务',
  'checklist.write': '管理任务清单',
  'checklist.review': '审核销账',
  'papers.write': '编发周报、通报',
  'submissions.write': '报送报表',
  'submissions.approve': '审核报表',
  'supervision.write': '督办',
  'supervision.answer': '答复督办',
  'assessment.write': '考核评分',
  'assessment.answer': '自评和申诉',
  'places.write': '地址分村',
  'forms.read': '查看报表',
  'forms.define': '定义报表',
  'lists.read': '查看报送',
  'lists.send': '报送名单',
  'lists.undo': '撤销报送、更正号码',
  'findings.read': '查看矛盾',
  'findings.decide': '裁定',
  'settings.read': '查看设置',
  'settings.write': '修改设置',
  'accounts.read': '查看账号',
  'accounts.write': '管理账号',
  'accounts.approve': '核准账号',
  'keys.rotate': '更换密钥',
  'backups.write': '备份',
  'audit.read': '查看留痕',
};

function forbidden(permission: Permission = 'lists.send', role?: Role): Refusal {
  const title = role === undefined ? '' : `（${findRole(role)?.title}）`;
  return new Refusal(
    'access.forbidden',
    `您的账号${title}没有“${WORDS[permission]}”的权限；需要时请县级系统管理员调整角色，经安全管理员核准。`,
  );
}
