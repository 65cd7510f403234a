import * as contract from '@quanbao/contract/papers';
import type { AnswerOf } from '@quanbao/contract/route';
import { regionLevel } from '@quanbao/domain/kernel/region';
import type { RegionTree } from '@quanbao/domain/regions/region-tree';
import { PAPER_WORDS } from '@quanbao/domain/supervision/paper/paper';
import type { Scope } from '../../../db/port.ts';
import { attachment } from '../../../http/attachment.ts';
import { type Handled, handle } from '../../../http/handler.ts';
import { loadRegionTree } from '../../regions/index.ts';
import { placeOf } from '../../register/index.ts';
import { paperDocx } from './docx-page.ts';
import {
  draftPaper,
  dropDraft,
  issuePaper,
  openPaper,
  recordExport,
  remarkPaper,
  withdrawPaper,
} from './papers.ts';
import { listRows, type PaperRow } from './store.ts';
import { dropTemplate, saveTemplate, templateOf } from './templates.ts';

function lineOf(
  tree: RegionTree,
  scope: Scope,
  row: PaperRow,
): AnswerOf<typeof contract.papers>['items'][number] {
  const { remarks: _remarks, digest: _digest, ...line } = row;
  const maker = regionLevel(scope.region) === 'county' ? 'county' : 'town';
  return {
    ...line,
    region: placeOf(tree, row.region),
    mine: row.maker === maker && row.region.startsWith(scope.region),
  };
}

export const paperRoutes: readonly Handled[] = [
  handle(contract.papers, async ({ instance, scope, query }) =>
    instance.db.transaction(scope, async (tx) => {
      const tree = await loadRegionTree(tx, scope.county);
      return { items: (await listRows(tx, scope, query.kind)).map((row) => lineOf(tree, scope, row)) };
    }),
  ),
  handle(contract.draftPaper, async ({ instance, scope, body }) => draftPaper(instance, scope, body)),
  handle(contract.paper, async ({ instance, scope, params }) => {
    const { row, paper, inputs, digest, proof, moved } = await openPaper(instance, scope, params.paper);
    const tree = await instance.db.transaction(scope, (tx) => loadRegionTree(tx, scope.county));
    return {
      line: lineOf(tree, scope, row),
      paper: paper as never,
      digest,
      remarks: [...row.remarks],
      sections: inputs.template.sections.map(({ heading }) => heading),
      proof,
      moved,
    };
  }),
  handle(contract.remarkPaper, async ({ instance, scope, params, body }) =>
    remarkPaper(instance, scope, params.paper, body.texts),
  ),
  handle(contract.issuePaper, async ({ instance, scope, params, body }) =>
    issuePaper(instance, scope, params.paper, body),
  ),
  handle(contract.withdrawPaper, async ({ instance, scope, params, body }) =>
    withdrawPaper(instance, scope, params.paper, body.reason),
  ),
  handle(contract.dropPaper, async ({ instance, scope, params }) => dropDraft(instance, scope, params.paper)),
  handle(contract.paperFile, async ({ instance, scope, params, reply }) => {
    const { row, paper } = await openPaper(instance, scope, params.paper);
    await recordExport(instance, scope, params.paper, row);
    const name = `${paper.region.name}${PAPER_WORDS[paper.kind]}-${paper.day}${row.state === 'draft' ? '-草稿' : ''}.docx`;
    return attachment(reply, name).send(await paperDocx(paper));
  }),
  handle(contract.paperTemplate, async ({ instance, scope, params }) =>
    instance.db.transaction(scope, async (tx) => {
      const { template, own } = await templateOf(tx, scope, params.paperKind);
      const { kind: _kind, ...rest } = template;
      return { template: rest as never, own };
    }),
  ),
  handle(contract.saveTemplate, async ({ instance, scope, params, body }) =>
    saveTemplate(instance, scope, { ...body, kind: params.paperKind }),
  ),
  handle(contract.dropTemplate, async ({ instance, scope, params }) =>
    dropTemplate(instance, scope, params.paperKind),
  ),
];
