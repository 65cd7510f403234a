import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as contract from '@quanbao/contract/addresses';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { type Handled, handle } from '../../http/handler.ts';
import { listApplications } from './applications.ts';
import { applyRules, previewApplication, undoApplication } from './apply.ts';
import { testAddress, unplacedOverview } from './overview.ts';
import { addRule, importRules, listRules, orderRules, retireRule } from './rules.ts';

export const addressesRoutes: readonly Handled[] = [
  handle(contract.addressRules, async ({ instance, scope, query }) => ({
    items: await listRules(instance, scope, query),
  })),
  handle(contract.addAddressRule, async ({ instance, scope, body }) => addRule(instance, scope, body)),
  handle(contract.addressRulesFile, async ({ instance, scope, query, request }) => {
    if (!request.isMultipart()) throw noFile();
    const dir = await mkdtemp(join(tmpdir(), 'quanbao-rules-'));
    try {
      const [file] = (await request.saveRequestFiles({ tmpdir: dir, limits: { files: 1 } })).files;
      if (file === undefined) throw noFile();
      return await importRules(instance, scope, { name: file.filename, path: file.filepath }, query);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }),
  handle(contract.orderAddressRules, async ({ instance, scope, body }) => orderRules(instance, scope, body)),
  handle(contract.retireAddressRule, async ({ instance, scope, params }) =>
    retireRule(instance, scope, params.number),
  ),
  handle(contract.unplacedPeople, async ({ instance, scope, query }) =>
    unplacedOverview(instance, scope, query),
  ),
  handle(contract.testAddressRules, async ({ instance, scope, body }) => testAddress(instance, scope, body)),
  handle(contract.previewAddresses, async ({ instance, scope, body }) =>
    previewApplication(instance, scope, body),
  ),
  handle(contract.applyAddresses, async ({ instance, scope, body }) => applyRules(instance, scope, body)),
  handle(contract.addressApplications, async ({ instance, scope }) => ({
    items: await listApplications(instance, scope),
  })),
  handle(contract.undoAddressApplication, async ({ instance, scope, params }) =>
    undoApplication(instance, scope, params.number),
  ),
];

function noFile(): Refusal {
  return new Refusal('address.file', '没有收到文件；请选一个 xlsx 或 csv 文件。');
}
