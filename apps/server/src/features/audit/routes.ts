import * as contract from '@quanbao/contract/audit';
import { cursorNumber } from '../../http/cursor.ts';
import { type Handled, handle } from '../../http/handler.ts';
import { head, verifyChain } from './store.ts';
import { chainState, readTrail } from './trail.ts';
import { actWords } from './words.ts';

const PAGE = 100;

export const auditRoutes: readonly Handled[] = [
  handle(contract.trail, async ({ instance, scope, query }) => {
    const limit = query.limit ?? PAGE;
    const lines = await instance.db.transaction(scope, (tx) =>
      readTrail(tx, scope, { ...query, before: cursorNumber(query.after, Number.MAX_SAFE_INTEGER), limit }),
    );
    return {
      items: lines.map((line) => ({ ...line, words: actWords(line.act) })),
      next: lines.length < limit ? null : String(lines.at(-1)?.seq),
    };
  }),
  handle(contract.chain, async ({ instance, scope, query }) =>
    instance.db.transaction(scope, async (tx) => {
      const { blocks, rows, sealedAt, unsealed, oldest } = await chainState(tx, scope);
      const newest = await head(tx, scope.county);
      const report = query.verify
        ? await verifyChain(tx, scope.county, instance.keyring.auditKey, instance.dir)
        : undefined;
      return {
        blocks,
        rows,
        head: newest?.hash ?? null,
        sealedAt,
        unsealed,
        oldestUnsealed: oldest,
        verified: report?.ok ?? null,
        problems:
          report?.firstBad === undefined ? [] : [`第 ${report.firstBad.block} 块：${report.firstBad.reason}`],
      };
    }),
  ),
];
