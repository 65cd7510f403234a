import * as contract from '@quanbao/contract/assessment';
import { journalOf } from '../../db/journal-of.ts';
import { attachment } from '../../http/attachment.ts';
import { type Ask, type Handled, handle } from '../../http/handler.ts';
import { takeDocument } from '../originals/index.ts';
import { advance, verifyRound } from './advance.ts';
import { addAct, appeal, decide, enterFact, handInSelf } from './answers.ts';
import { attachedFile, attachFile } from './files.ts';
import { acceptanceOf, countySelfOf } from './papers.ts';
import { type Reach, reachOf } from './reach.ts';
import { resultFile } from './result.ts';
import { beginRound, recountRound } from './rounds.ts';
import { saveScheme, schemeOf, schemesOf } from './schemes.ts';
import { listRounds, viewRound, viewUnit } from './views.ts';

function reach({ scope, actor }: Pick<Ask<never>, 'scope' | 'actor'>): Reach {
  return reachOf(scope, actor);
}

export const assessmentRoutes: readonly Handled[] = [
  handle(contract.schemes, async (ask) => {
    const { scope } = reach(ask);
    return ask.instance.db.transaction(scope, async (tx) => ({
      items: (await schemesOf(tx, scope.county)).map(({ head }) => head),
    }));
  }),
  handle(contract.scheme, async (ask) => {
    const { scope } = reach(ask);
    return ask.instance.db.transaction(scope, async (tx) => {
      const { head, content } = await schemeOf(tx, scope.county, ask.params.scheme);
      return { head, content: structuredClone(content) as never };
    });
  }),
  handle(contract.saveScheme, async ({ instance, scope, body }) => saveScheme(instance, scope, body)),
  handle(contract.assessments, async (ask) => listRounds(ask.instance, reach(ask))),
  handle(contract.beginAssessment, async ({ instance, scope, body }) => beginRound(instance, scope, body)),
  handle(contract.assessment, async (ask) => viewRound(ask.instance, reach(ask), ask.params.assessment)),
  handle(contract.assessedUnit, async (ask) =>
    viewUnit(ask.instance, reach(ask), ask.params.assessment, ask.params.unit),
  ),
  handle(contract.recountAssessment, async ({ instance, scope, params }) =>
    recountRound(instance, scope, params.assessment),
  ),
  handle(contract.enterFacts, async (ask) =>
    enterFact(ask.instance, reach(ask), ask.params.assessment, ask.body),
  ),
  handle(contract.selfAssess, async (ask) =>
    handInSelf(ask.instance, reach(ask), ask.params.assessment, ask.body),
  ),
  handle(contract.attach, async (ask) => {
    const { instance, scope, request, params } = ask;
    const { order, document } = await takeDocument(instance, journalOf(scope), request, {
      field: 'attachment',
      schema: contract.Attachment,
      act: '附材料',
      code: 'assessment',
    });
    return attachFile(instance, reach(ask), params.assessment, order, document);
  }),
  handle(contract.attached, async (ask) => {
    const { params, reply } = ask;
    const { name, bytes } = await attachedFile(ask.instance, reach(ask), params.assessment, params.file);
    return attachment(reply, name).send(bytes);
  }),
  handle(contract.appealLine, async (ask) =>
    appeal(ask.instance, reach(ask), ask.params.assessment, ask.body),
  ),
  handle(contract.decideAppeal, async (ask) =>
    decide(ask.instance, reach(ask), ask.params.assessment, ask.params.appeal, ask.body),
  ),
  handle(contract.advanceAssessment, async ({ instance, scope, params, body }) =>
    advance(instance, scope, params.assessment, body),
  ),
  handle(contract.addAct, async (ask) => addAct(ask.instance, reach(ask), ask.params.assessment, ask.body)),
  handle(contract.verifyAssessment, async ({ instance, scope, params }) =>
    verifyRound(instance, scope, params.assessment),
  ),
  handle(contract.acceptance, async (ask) => acceptanceOf(ask.instance, reach(ask), ask.params.assessment)),
  handle(contract.countySelf, async (ask) => countySelfOf(ask.instance, reach(ask), ask.params.assessment)),
  handle(contract.assessmentFile, async (ask) => {
    const { name, bytes } = await resultFile(ask.instance, reach(ask), ask.params.assessment);
    return attachment(ask.reply, name).send(bytes);
  }),
];
