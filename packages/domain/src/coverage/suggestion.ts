import type { Fact } from './evidence.ts';
import type { FindingKind } from './finding.ts';

/** What is known of the person on the day, as far as a suggestion looks at it. */
export interface Contradiction {
  readonly kind: FindingKind['kind'];
  /** The verdict as it stands: 附件3 column. */
  readonly column: number;
  /** What official lists say on the day; survey answers are not among them. */
  readonly official: ReadonlySet<Fact>;
}

export interface Suggestion {
  /** 附件3 column. */
  readonly column: number;
  readonly because: string;
}

/**
 * The decision that the order of the rules suggests. None where it has to be found out first, and none where
 * deciding settles nothing: somebody registered twice stays so until one registration ends.
 */
export function suggestionFor({ kind, column, official }: Contradiction): Suggestion | undefined {
  switch (kind) {
    case 'survey-differs':
      return { column, because: '部门名单先于摸底答复；没有材料证明部门名单有误的，维持部门名单的结论' };
    case 'claim-unregistered':
      return { column, because: '是否参保以系统登记为准；没有登记的，维持现在的结论并动员补办' };
    case 'student-over-25':
      return official.has('student') || column !== 12
        ? undefined
        : { column: 7, because: '教育部门名单里没有此人，已满25周岁，仅凭答复不能列为在校学生' };
    case 'military-and-prison':
      if (official.has('prison') === official.has('military')) return undefined;
      return official.has('prison')
        ? { column: 14, because: '司法部门名单列有此人，现役只是答复所说' }
        : { column: 13, because: '退役军人事务部门名单列有此人，服刑只是答复所说' };
    default:
      return undefined;
  }
}
