import type { Grade, Method, SchemeLine } from '@quanbao/domain/assessment/scheme';
import { isRate, plain, valueWords } from '@quanbao/domain/assessment/source';

type Source = SchemeLine['source'];

/** How points are given, as a clerk would say it. */
export function methodWords({ method, source, full }: SchemeLine, grades: readonly Grade[]): string {
  if (method.kind === 'steps') {
    return method.steps
      .map(({ at, points }) => `达到 ${valueWords(source, at)} 得 ${plain(points)} 分`)
      .join('；');
  }
  if (method.kind === 'proportional') {
    const targets = method.targets
      .map(({ until, value }) => `${until} 前 ${valueWords(source, value)}`)
      .join('，');
    const zero = method.zeroAt === undefined ? '' : `；${valueWords(source, method.zeroAt)} 得 0 分`;
    return `按比例，目标：${targets}${zero}`;
  }
  if (method.kind === 'each') return `每一件 ${plain(method.points)} 分，最多 ${plain(full)} 分`;
  const grade = grades.find(({ code }) => code === method.grade)?.title ?? method.grade;
  return `超过 ${valueWords(source, method.limit)} 的，等次不高于${grade}`;
}

function shown(source: Source, value: number): string {
  return plain(isRate(source) ? value * 100 : value);
}

function read(source: Source, text: string | undefined): number {
  const value = Number((text ?? '').replace('%', ''));
  if (text === undefined || text.trim() === '') return Number.NaN;
  return isRate(source) ? Number((value / 100).toFixed(8)) : value;
}

/** A line each: 98 20, or 2020-10-31 100. */
export function methodText(source: Source, method: Method): string {
  if (method.kind === 'steps') {
    return method.steps.map(({ at, points }) => `${shown(source, at)} ${plain(points)}`).join('\n');
  }
  if (method.kind === 'proportional') {
    return method.targets.map(({ until, value }) => `${until} ${shown(source, value)}`).join('\n');
  }
  return method.kind === 'each' ? plain(method.points) : shown(source, method.limit);
}

export function readMethod(
  source: Source,
  kind: Method['kind'],
  text: string,
  more: { readonly zeroAt?: string | undefined; readonly grade?: string | undefined },
): Method {
  const rows = text
    .split('\n')
    .map((row) => row.trim().split(/[\s,，]+/))
    .filter(([first]) => first !== '');
  if (kind === 'steps') {
    return { kind, steps: rows.map(([at, points]) => ({ at: read(source, at), points: Number(points) })) };
  }
  if (kind === 'proportional') {
    const zeroAt = (more.zeroAt ?? '').trim() === '' ? undefined : read(source, more.zeroAt);
    return {
      kind,
      targets: rows.map(([until, value]) => ({ until: until ?? '', value: read(source, value) })),
      ...(zeroAt === undefined ? {} : { zeroAt }),
    };
  }
  if (kind === 'each') return { kind, points: Number(text) };
  return { kind, limit: read(source, text), grade: more.grade ?? '' };
}

export function zeroText(source: Source, method: Method): string {
  return method.kind === 'proportional' && method.zeroAt !== undefined ? shown(source, method.zeroAt) : '';
}
