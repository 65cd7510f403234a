import { isPlainDate } from '../kernel/plain-date.ts';
import { Refusal } from '../kernel/problem.ts';
import type { Scheme, SchemeLine } from './scheme.ts';
import { plain, sourceWords } from './source.ts';

const CODE = /^[a-z0-9-]{2,40}$/;
const MOST_LINES = 60;

/** Whether rounding to the places of the scheme leaves the points as they are; it may give no more than they are. */
function fits(points: number, { decimals }: Scheme): boolean {
  const scaled = points * 10 ** decimals;
  return !(Math.abs(scaled - Math.round(scaled)) > 1e-6);
}

/** What is wrong with a scheme, in words for whoever edits it; nothing when it can be used. */
export function schemeProblems(scheme: Scheme): string[] {
  const problems: string[] = [];
  const say = (wrong: boolean, words: string): void => {
    if (wrong) problems.push(words);
  };
  say(!CODE.test(scheme.code), '方案代码应为 2 至 40 个小写字母、数字或连字符。');
  say(scheme.title.trim().length < 2, '请写方案名称（至少两个字）。');
  say(!isPlainDate(scheme.from), '起用日期应为 2020-10-31 的样子。');
  say(scheme.document.trim() === '', '请写方案依据的文件和文号。');
  say(
    !Number.isInteger(scheme.decimals) || scheme.decimals < 0 || scheme.decimals > 2,
    '得分保留 0 至 2 位小数。',
  );
  say(!(scheme.bonusCap >= 0), '加分上限不能小于0。');
  say(
    !fits(scheme.bonusCap, scheme),
    `加分上限 ${plain(scheme.bonusCap)} 分的小数多于得分保留的 ${scheme.decimals} 位；请改分数或保留的位数。`,
  );
  say(scheme.lines.length === 0, '方案至少有一行考核内容。');
  say(scheme.lines.length > MOST_LINES, `方案最多 ${MOST_LINES} 行。`);
  const sum = scheme.lines.filter((line) => line.kind === 'score').reduce((all, line) => all + line.full, 0);
  say(
    Math.abs(sum - scheme.full) > 1e-6,
    `各计分行满分合计 ${plain(sum)} 分，方案满分 ${plain(scheme.full)} 分，相差 ${plain(scheme.full - sum)} 分。`,
  );
  say(!(scheme.full > 0), '方案满分应大于0。');
  say(new Set(scheme.lines.map(({ code }) => code)).size !== scheme.lines.length, '各行的代码不能重复。');
  say(scheme.assessed === 'offices' && scheme.offices.length === 0, '考核部门的方案要列出被考核的部门。');
  say(new Set(scheme.offices).size !== scheme.offices.length, '部门名称不能重复。');
  for (const line of scheme.lines) problems.push(...lineProblems(line, scheme));
  return [...problems, ...gradeProblems(scheme)];
}

function lineProblems(line: SchemeLine, scheme: Scheme): string[] {
  const problems: string[] = [];
  const say = (wrong: boolean, words: string): void => {
    if (wrong) problems.push(`“${line.title || line.code}”：${words}`);
  };
  say(!CODE.test(line.code), '行代码应为 2 至 40 个小写字母、数字或连字符。');
  say(line.title.trim() === '', '请写考核内容。');
  const words = sourceWords(line.source);
  if (words === undefined) {
    say(
      true,
      'indicator' in line.source ? `没有可以考核的指标 ${line.source.indicator}。` : '请写登记事项的名称。',
    );
    return problems;
  }
  say('fact' in line.source && line.source.fact.name.trim() === '', '请写登记事项的名称。');
  say(
    'fact' in line.source && line.source.fact.record !== undefined && scheme.assessed !== 'towns',
    '报送和督办记录按乡镇计数，部门的方案请改为登记。',
  );
  say(line.kind !== 'veto' && !(line.full > 0), '满分（或最多加、扣的分）应大于0。');
  say(
    line.kind !== 'veto' && !fits(line.full, scheme),
    `满分（或最多加、扣的分）${plain(line.full)} 分的小数多于得分保留的 ${scheme.decimals} 位；请改分数或保留的位数。`,
  );
  const { method } = line;
  say((line.kind === 'veto') !== (method.kind === 'veto'), '一票否决只用否决界限，其他行不能用否决界限。');
  say(line.kind === 'deduct' && method.kind !== 'each', '扣分行按每一件扣分。');
  const toMore = words.better === 'more' ? 1 : -1;
  if (method.kind === 'steps') {
    say(method.steps.length === 0, '请至少写一档。');
    method.steps.forEach((step, i) => {
      const before = method.steps[i - 1];
      say(!(step.points >= 0 && step.points <= line.full), `第 ${i + 1} 档的分数应在 0 至满分之间。`);
      if (before === undefined) return;
      say(
        !((before.at - step.at) * toMore > 0),
        `第 ${i + 1} 档的界限应比第 ${i} 档${words.better === 'more' ? '低' : '高'}。`,
      );
      say(!(before.points >= step.points), `第 ${i + 1} 档的分数不能高于第 ${i} 档。`);
    });
  }
  if (method.kind === 'proportional') {
    say(method.targets.length === 0, '请写目标值。');
    const zeroAt = method.zeroAt ?? (words.better === 'more' ? 0 : undefined);
    say(zeroAt === undefined, '越少越好的指标按比例计分要写得 0 分的数值。');
    method.targets.forEach((target, i) => {
      const before = method.targets[i - 1];
      say(!isPlainDate(target.until), `第 ${i + 1} 个目标的日期应为 2020-10-31 的样子。`);
      say(before !== undefined && before.until >= target.until, `第 ${i + 1} 个目标的日期应晚于第 ${i} 个。`);
      say(
        zeroAt !== undefined && !((target.value - zeroAt) * toMore > 0),
        `第 ${i + 1} 个目标应比得 0 分的数值${words.better === 'more' ? '高' : '低'}。`,
      );
    });
  }
  if (method.kind === 'each') {
    say(!(method.points > 0), '每一件的分数应大于0。');
    say(line.kind !== 'bonus' && words.better === 'more', '按件扣分的事项应是越少越好的。');
    say(line.kind === 'bonus' && words.better === 'less', '按件加分的事项应是越多越好的。');
  }
  if (method.kind === 'veto') {
    say(!scheme.grades.some(({ code }) => code === method.grade), `没有等次 ${method.grade}。`);
  }
  return problems;
}

function gradeProblems({ grades }: Scheme): string[] {
  const problems: string[] = [];
  if (grades.length === 0) return ['请写等次。'];
  if (new Set(grades.map(({ code }) => code)).size !== grades.length) problems.push('等次的代码不能重复。');
  grades.forEach((grade, i) => {
    const before = grades[i - 1];
    if (grade.title.trim() === '') problems.push(`第 ${i + 1} 个等次没有名称。`);
    if (before !== undefined && before.from <= grade.from)
      problems.push(`等次“${grade.title}”的起分应低于“${before.title}”。`);
    if (before !== undefined && grade.passes !== before.passes && grade.passes)
      problems.push(`“${before.title}”不合格，比它低的“${grade.title}”不能合格。`);
    if (grade.share !== undefined && !(grade.share >= 0 && grade.share <= 100))
      problems.push(`等次“${grade.title}”的比例应在 0 至 100 之间。`);
  });
  const last = grades.at(-1);
  if (last !== undefined && (last.from > 0 || last.share !== undefined))
    problems.push(`最低的等次“${last.title}”应从 0 分起，不限比例。`);
  return problems;
}

/** @throws Refusal with everything that is wrong */
export function checkScheme(scheme: Scheme): Scheme {
  const problems = schemeProblems(scheme);
  if (problems.length > 0) {
    throw new Refusal('assessment.scheme', `方案不能使用，请改正后再保存：${problems.join('')}`);
  }
  return scheme;
}
