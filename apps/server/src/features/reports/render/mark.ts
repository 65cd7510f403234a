export interface TakenOut {
  readonly asOf: string;
  readonly actor: string;
  /** When, as it is printed. */
  readonly at: string;
  readonly reason: string;
}

/** Stands on everything with people that leaves. */
export function exportMark({ asOf, actor, at, reason }: TakenOut): string {
  return `截至 ${asOf}；导出人：${actor}；时间：${at}；事由：${reason}；含个人信息，只用于上述事由，不得转发`;
}
