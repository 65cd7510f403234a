import * as contract from '@quanbao/contract/settings';
import type { SettingValue } from '@quanbao/domain/coverage/settings';
import { type Handled, handle } from '../../http/handler.ts';
import { listSettings, setSetting } from './change-setting.ts';

/** Values that are words for the program, in the clerk's. */
const WORDS: Readonly<Record<string, string>> = {
  true: '是',
  false: '否',
  birthday: '按生日',
  year: '按年份',
};

function inWords(value: SettingValue): string {
  return WORDS[String(value)] ?? String(value);
}

function choicesOf(value: SettingValue): { value: string; title: string }[] | null {
  const values =
    typeof value === 'boolean' ? ['true', 'false'] : typeof value === 'string' ? ['birthday', 'year'] : null;
  return values?.map((one) => ({ value: one, title: WORDS[one] ?? one })) ?? null;
}

/** Far enough for every shipped value to be in force. */
const LAST = '9999-12-30';

export const coverageRoutes: readonly Handled[] = [
  handle(contract.settings, async ({ instance, scope }) => {
    const all = await instance.db.transaction(scope, (tx) => listSettings(tx, scope.county, LAST));
    return {
      items: all.map((setting) => ({
        key: setting.key,
        title: setting.title,
        words: setting.allowed,
        unit: typeof setting.value === 'number' ? '周岁' : '',
        choices: choicesOf(setting.value),
        values: [
          ...setting.shipped.map(({ from, value }) => ({
            value: inWords(value),
            from,
            document: null,
            source: setting.legalSources.join('；'),
          })),
          ...setting.own.map(({ from, value, document }) => ({
            value: inWords(value),
            from,
            document,
            source: null,
          })),
        ],
      })),
    };
  }),
  handle(contract.changeSetting, async ({ instance, scope, params, body }) => {
    const { changed } = await setSetting(instance, scope, { key: params.key, ...body });
    const [row] = await instance.db.transaction(scope, (tx) =>
      tx.query<{ people: number }>('select count(*)::int as people from person where county = $1', [
        scope.county,
      ]),
    );
    return { people: row?.people ?? 0, changed };
  }),
];
