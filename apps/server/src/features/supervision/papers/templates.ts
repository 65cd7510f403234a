import { Refusal } from '@quanbao/domain/kernel/problem';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { PAPER_WORDS, type PaperKind } from '@quanbao/domain/supervision/paper/paper';
import { shippedTemplate } from '@quanbao/domain/supervision/paper/shipped';
import { checkTemplate, type PaperTemplate } from '@quanbao/domain/supervision/paper/template';
import type { Scope, Tx } from '../../../db/port.ts';
import type { Instance } from '../../../instance.ts';
import { holdsIdNumber, record } from '../../audit/index.ts';

export async function templateOf(
  tx: Tx,
  scope: Scope,
  kind: PaperKind,
): Promise<{ template: PaperTemplate; own: boolean }> {
  const [row] = await tx.query<{ definition: PaperTemplate }>(
    'select definition from paper_template where county = $1 and kind = $2',
    [scope.county, kind],
  );
  return row === undefined
    ? { template: shippedTemplate(kind), own: false }
    : { template: { ...row.definition, kind }, own: true };
}

function requireCounty(scope: Scope): void {
  if (regionLevel(scope.region) !== 'county')
    throw new Refusal('paper.template.county', '材料模板由县里统一修改；乡镇可以在草稿里写补充文字。');
}

/** @throws Refusal paper.template with the first thing that could not be printed */
export async function saveTemplate(
  instance: Instance,
  scope: Scope,
  template: PaperTemplate,
): Promise<{ done: true }> {
  requireCounty(scope);
  const [first, ...more] = checkTemplate(template);
  if (first !== undefined) {
    const others = more.length > 0 ? `；另有 ${more.length} 处` : '';
    throw new Refusal(
      'paper.template',
      `${first.where}：${first.message}${others}。没有保存，请改正后再存。`,
    );
  }
  if (holdsIdNumber(JSON.stringify(template)))
    throw new Refusal('paper.template.text', '模板里不能写身份证号码。');
  return instance.db.transaction(scope, async (tx) => {
    await tx.query(
      `insert into paper_template (county, kind, definition, actor) values ($1, $2, $3, $4)
       on conflict (county, kind) do update set definition = excluded.definition, actor = excluded.actor, changed_at = now()`,
      [scope.county, template.kind, JSON.stringify(template), scope.actor],
    );
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'paper.template',
      subject: `template ${template.kind}`,
      detail: { name: PAPER_WORDS[template.kind], sections: template.sections.length },
    });
    return { done: true };
  });
}

/** Back to what the product ships. */
export async function dropTemplate(
  instance: Instance,
  scope: Scope,
  kind: PaperKind,
): Promise<{ done: true }> {
  requireCounty(scope);
  return instance.db.transaction(scope, async (tx) => {
    await tx.query('delete from paper_template where county = $1 and kind = $2', [scope.county, kind]);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'paper.template',
      subject: `template ${kind}`,
      detail: { name: PAPER_WORDS[kind], shipped: true },
    });
    return { done: true };
  });
}
