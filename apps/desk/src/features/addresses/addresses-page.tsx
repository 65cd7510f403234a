import { addressApplications, addressRules, unplacedPeople } from '@quanbao/contract/addresses';
import { Button } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { Applications } from './applications.tsx';
import type { Rule } from './contract.ts';
import { PreviewDialog } from './preview-dialog.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RulesFile } from './rules-file.tsx';
import { RulesTable, versionOf } from './rules-table.tsx';
import { TryBox } from './try-box.tsx';
import { UnplacedPeople } from './unplaced.tsx';
import './addresses.css';

type Open =
  | { readonly what: 'rule'; readonly rule?: Rule; readonly text?: string }
  | { readonly what: 'file' }
  | { readonly what: 'preview' };

/** People whose lists name no village: who they are, the office's own rules for their addresses, and their application. */
export default function AddressesPage() {
  const { account } = useSession();
  const { region: here } = useHere();
  // Rules are a county's or a town's: a village stands for its town.
  const region = here.slice(0, 9);
  const town = region.length > 6 ? region : undefined;
  const [open, setOpen] = useState<Open>();
  const unplaced = useRead(unplacedPeople, { query: { region } });
  const rules = useRead(addressRules, { query: {} });
  const history = useRead(addressApplications, {});
  const listed = (rules.data?.items ?? []).filter(
    ({ owner }) => town === undefined || town.startsWith(owner.code),
  );
  const close = (): void => setOpen(undefined);
  const error = unplaced.error ?? rules.error ?? history.error;
  return (
    <div className="page">
      <div className="page-head">
        <h1>地址分村</h1>
        <span className="muted">
          名单没有写明村（社区）的人，按本地的规则从地址归村；名单写明的始终优先。
        </span>
      </div>
      {error && <Failure error={error} retry={() => void unplaced.refetch()} />}
      {unplaced.data ? (
        <UnplacedPeople unplaced={unplaced.data} onFragment={(text) => setOpen({ what: 'rule', text })} />
      ) : (
        !error && <Loading />
      )}
      <RulesTable
        rules={listed}
        loading={rules.isFetching && !rules.data}
        onEdit={(rule) => setOpen({ what: 'rule', rule })}
        tools={
          <>
            <Button onClick={() => setOpen({ what: 'file' })}>从表格导入</Button>
            <Button onClick={() => setOpen({ what: 'rule' })}>新增规则</Button>
            <Button
              type="primary"
              disabled={listed.length === 0}
              onClick={() => setOpen({ what: 'preview' })}
            >
              预览归村
            </Button>
          </>
        }
      />
      <TryBox town={town} version={versionOf(listed)} />
      <Applications applications={history.data?.items ?? []} />
      {open?.what === 'rule' && (
        <RuleDialog
          town={town}
          onClose={close}
          {...(open.rule ? { rule: open.rule } : {})}
          {...(open.text ? { text: open.text } : {})}
        />
      )}
      {open?.what === 'file' && (
        <RulesFile
          town={town}
          whose={
            town === undefined
              ? account.region.name
              : (rules.data?.items.find((one) => one.owner.code === town)?.owner.name ?? '本乡镇')
          }
          onClose={close}
        />
      )}
      {open?.what === 'preview' && <PreviewDialog region={region} onClose={close} />}
    </div>
  );
}
