import type { Permission } from '@quanbao/domain/access/roles';
import type { ComponentType } from 'react';

export const MENU_GROUPS = ['总览', '人员', '台账', '走访摸底', '名单', '管理'] as const;

export interface Page {
  /** With `$name` for params. */
  readonly path: string;
  readonly title: string;
  readonly needs: Permission | 'signed-in';
  /** Where it stands in the menu; a page without one is opened from others. */
  readonly group?: (typeof MENU_GROUPS)[number];
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

/** Every page of the desk, in the order of the menu. The first one a role may see is where it starts. */
export const PAGES: readonly Page[] = [
  {
    path: '/',
    title: '首页',
    needs: 'forms.read',
    group: '总览',
    load: () => import('../features/home/home-page.tsx'),
  },
  {
    path: '/forms',
    title: '报表',
    needs: 'forms.read',
    group: '总览',
    load: () => import('../features/forms/catalogue-page.tsx'),
  },
  {
    path: '/forms/annex3',
    title: '附件3',
    needs: 'people.read',
    load: () => import('../features/forms/annex3-page.tsx'),
  },
  {
    path: '/forms/own',
    title: '自定表',
    needs: 'forms.define',
    load: () => import('../features/forms/editor-page.tsx'),
  },
  {
    path: '/forms/$form',
    title: '报表',
    needs: 'forms.read',
    load: () => import('../features/forms/form-page.tsx'),
  },
  {
    path: '/people',
    title: '人员',
    needs: 'people.read',
    group: '人员',
    load: () => import('../features/register/people-page.tsx'),
  },
  {
    path: '/people/$person',
    title: '人员',
    needs: 'people.read',
    load: () => import('../features/register/person-page.tsx'),
  },
  {
    path: '/findings',
    title: '矛盾与待核',
    needs: 'findings.read',
    group: '人员',
    load: () => import('../features/register/findings/findings-page.tsx'),
  },
  {
    path: '/decisions',
    title: '裁定记录',
    needs: 'findings.decide',
    group: '人员',
    load: () => import('../features/register/findings/decisions-page.tsx'),
  },
  {
    path: '/addresses',
    title: '地址分村',
    needs: 'places.write',
    group: '人员',
    load: () => import('../features/addresses/addresses-page.tsx'),
  },
  {
    path: '/ledger',
    title: '台账总览',
    needs: 'people.read',
    group: '台账',
    load: () => import('../features/ledger/overview-page.tsx'),
  },
  {
    path: '/items',
    title: '台账清单',
    needs: 'people.read',
    group: '台账',
    load: () => import('../features/ledger/list-page.tsx'),
  },
  {
    path: '/items/$number',
    title: '台账',
    needs: 'people.read',
    load: () => import('../features/ledger/item-page.tsx'),
  },
  {
    path: '/books',
    title: '摸底底册',
    needs: 'people.read',
    group: '台账',
    load: () => import('../features/survey/books-page.tsx'),
  },
  {
    path: '/notices',
    title: '推送',
    needs: 'people.read',
    group: '台账',
    load: () => import('../features/ledger/notices-page.tsx'),
  },
  {
    path: '/rounds',
    title: '走访进度',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/progress-page.tsx'),
  },
  {
    path: '/rounds/$round',
    title: '走访名单',
    needs: 'people.read',
    load: () => import('../features/survey/round-page.tsx'),
  },
  {
    path: '/covers',
    title: '包村',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/covers-page.tsx'),
  },
  {
    path: '/visits',
    title: '走访记录',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/visits-page.tsx'),
  },
  {
    path: '/visits/new',
    title: '登记走访答复',
    needs: 'visits.write',
    load: () => import('../features/survey/enter-page.tsx'),
  },
  {
    path: '/revisits',
    title: '复访名单',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/revisits-page.tsx'),
  },
  {
    path: '/checks',
    title: '抽查',
    needs: 'survey.manage',
    group: '走访摸底',
    load: () => import('../features/survey/checks-page.tsx'),
  },
  {
    path: '/checks/$check',
    title: '抽查',
    needs: 'survey.manage',
    load: () => import('../features/survey/check-page.tsx'),
  },
  {
    path: '/headcounts',
    title: '人数核定',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/headcount-page.tsx'),
  },
  {
    path: '/statements',
    title: '意愿书',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/statements-page.tsx'),
  },
  {
    path: '/devices',
    title: '设备',
    needs: 'people.read',
    group: '走访摸底',
    load: () => import('../features/survey/devices-page.tsx'),
  },
  {
    path: '/receive',
    title: '接收名单',
    needs: 'lists.send',
    group: '名单',
    load: () => import('../features/sources/receive-page.tsx'),
  },
  {
    path: '/deliveries',
    title: '报送记录',
    needs: 'lists.read',
    group: '名单',
    load: () => import('../features/sources/deliveries-page.tsx'),
  },
  {
    path: '/deliveries/$delivery',
    title: '报送',
    needs: 'lists.read',
    load: () => import('../features/sources/delivery-page.tsx'),
  },
  {
    path: '/sources',
    title: '来源与日历',
    needs: 'lists.read',
    group: '名单',
    load: () => import('../features/sources/sources-page.tsx'),
  },
  {
    path: '/settings',
    title: '本县选项',
    needs: 'settings.read',
    group: '管理',
    load: () => import('../features/settings/settings-page.tsx'),
  },
  {
    path: '/accounts',
    title: '账号',
    needs: 'accounts.read',
    group: '管理',
    load: () => import('../features/access/accounts-page.tsx'),
  },
  {
    path: '/audit',
    title: '留痕',
    needs: 'audit.read',
    group: '管理',
    load: () => import('../features/audit/audit-page.tsx'),
  },
  {
    path: '/keys',
    title: '数据密钥',
    needs: 'keys.rotate',
    group: '管理',
    load: () => import('../features/settings/keys-page.tsx'),
  },
  {
    path: '/instance',
    title: '系统与备份',
    needs: 'settings.read',
    group: '管理',
    load: () => import('../features/settings/instance-page.tsx'),
  },
  {
    path: '/account',
    title: '我的账号',
    needs: 'signed-in',
    load: () => import('./account-page.tsx'),
  },
];
