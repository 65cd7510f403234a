import type { RegionLevel } from '../kernel/region.ts';

/**
 * Roles and what each may do (policy.md §13: system, security and audit administrators apart, and none of
 * them reads people). What a role may *see* is narrowed further by region, office and the sight of sources,
 * in the database.
 */
export type Permission =
  | 'people.read'
  | 'people.reveal'
  | 'people.export'
  | 'forms.read'
  | 'forms.define'
  | 'lists.read'
  | 'lists.send'
  | 'lists.undo'
  | 'findings.read'
  | 'findings.decide'
  | 'visits.write'
  | 'workbooks.merge'
  | 'workbooks.take'
  | 'survey.manage'
  | 'places.write'
  | 'targets.write'
  | 'targets.sign'
  | 'checklist.write'
  | 'checklist.review'
  | 'papers.write'
  | 'submissions.write'
  | 'submissions.approve'
  | 'supervision.write'
  | 'supervision.answer'
  | 'assessment.write'
  | 'assessment.answer'
  | 'settings.read'
  | 'settings.write'
  | 'accounts.read'
  | 'accounts.write'
  | 'accounts.approve'
  | 'keys.rotate'
  | 'backups.write'
  | 'audit.read';

export interface RoleDefinition {
  readonly code: Role;
  readonly title: string;
  /** One sentence for whoever hands out accounts. */
  readonly duty: string;
  /** The levels of region an account of this role may have. */
  readonly levels: readonly RegionLevel[];
  /** An account of this role belongs to one office and meets only that office's lists. */
  readonly ofOffice: boolean;
  readonly permissions: readonly Permission[];
}

export const ROLES = [
  {
    code: 'county',
    title: '县级经办',
    duty: '接收名单、裁定矛盾、出报表，查看全县人员',
    levels: ['county'],
    ofOffice: false,
    permissions: [
      'people.read',
      'people.reveal',
      'people.export',
      'forms.read',
      'forms.define',
      'lists.read',
      'lists.send',
      'lists.undo',
      'findings.read',
      'findings.decide',
      'visits.write',
      'workbooks.merge',
      'workbooks.take',
      'survey.manage',
      'places.write',
      'targets.write',
      'checklist.write',
      'checklist.review',
      'papers.write',
      'submissions.write',
      'submissions.approve',
      'supervision.write',
      'supervision.answer',
      'assessment.write',
      'assessment.answer',
      'settings.read',
      'settings.write',
    ],
  },
  {
    code: 'office',
    title: '部门经办',
    duty: '报送并查看本部门的名单，查看报表',
    levels: ['county'],
    ofOffice: true,
    permissions: ['forms.read', 'lists.read', 'lists.send', 'supervision.answer', 'assessment.answer'],
  },
  {
    code: 'town',
    title: '乡镇经办',
    duty: '查看、导出本乡镇人员和报表，组织入户摸底',
    levels: ['town'],
    ofOffice: false,
    permissions: [
      'people.read',
      'people.reveal',
      'people.export',
      'forms.read',
      'lists.read',
      'findings.read',
      'visits.write',
      'workbooks.merge',
      'workbooks.take',
      'survey.manage',
      'places.write',
      'targets.write',
      'targets.sign',
      'checklist.write',
      'papers.write',
      'submissions.write',
      'submissions.approve',
      'supervision.answer',
      'assessment.answer',
    ],
  },
  {
    code: 'village',
    title: '村（社区）协办员',
    duty: '查看本村（社区）人员和报表，入户摸底，下载本村底册',
    levels: ['village'],
    ofOffice: false,
    permissions: [
      'people.read',
      'forms.read',
      'findings.read',
      'visits.write',
      'workbooks.take',
      'targets.sign',
      'submissions.write',
    ],
  },
  {
    code: 'reader',
    title: '只读查询',
    duty: '查看管辖范围内的报表和人员，号码不显示全号，不能导出人员',
    levels: ['county', 'town'],
    ofOffice: false,
    permissions: ['people.read', 'forms.read', 'lists.read', 'findings.read'],
  },
  {
    code: 'system-admin',
    title: '系统管理员',
    duty: '建立和停用账号、备份；不能查看人员，新账号要由安全管理员核准',
    levels: ['county'],
    ofOffice: false,
    permissions: ['accounts.read', 'accounts.write', 'settings.read', 'backups.write'],
  },
  {
    code: 'security-admin',
    title: '安全管理员',
    duty: '核准账号的角色和管辖范围、解锁、更换密钥；不能查看人员',
    levels: ['county'],
    ofOffice: false,
    permissions: ['accounts.read', 'accounts.approve', 'keys.rotate'],
  },
  {
    code: 'audit-admin',
    title: '审计管理员',
    duty: '查看留痕并验证其完整；不能查看人员，不能改动任何内容',
    levels: ['county'],
    ofOffice: false,
    permissions: ['audit.read', 'accounts.read'],
  },
] as const satisfies readonly {
  readonly code: string;
  readonly title: string;
  readonly duty: string;
  readonly levels: readonly RegionLevel[];
  readonly ofOffice: boolean;
  readonly permissions: readonly Permission[];
}[];

export type Role = (typeof ROLES)[number]['code'];

const BY_CODE = new Map<string, RoleDefinition>(ROLES.map((role) => [role.code, role]));

export function findRole(code: string): RoleDefinition | undefined {
  return BY_CODE.get(code);
}

export function isAllowed(role: Role, permission: Permission): boolean {
  return BY_CODE.get(role)?.permissions.includes(permission) ?? false;
}

/** Which of the catalogue's levels of sight a role has; the catalogue names county, town and village. */
export function sightOf(role: Role, level: RegionLevel | undefined): 'county' | 'town' | 'village' {
  if (role === 'village' || level === 'village') return 'village';
  return level === 'county' ? 'county' : 'town';
}
