import { Button } from 'antd';
import { useState } from 'react';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import type { PlanPage } from './contract.ts';
import { DraftActs } from './draft-acts.tsx';
import { EndDialog, ReviseDialog } from './later-dialogs.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { SplitDialog } from './split-dialog.tsx';

/** What the account may do with the plan as it is. */
export function PlanActs({ of }: { readonly of: PlanPage }) {
  const may = useMay();
  const { account } = useSession();
  const { go } = useHere();
  const [open, setOpen] = useState<'split' | 'revise' | 'end' | 'sign'>();
  const close = () => setOpen(undefined);
  const county = account.region.code.length === 6;
  const { plan } = of;
  if (plan.ended !== null) return null;
  if (county && of.issued === null && may('targets.write')) return <DraftActs of={of} />;
  const own = of.region.code === account.region.code ? of.whole : undefined;
  const latest = of.versions.findLast(({ issued }) => issued !== null)?.version === of.version;
  const divisible = of.region.code.length === 9 && of.places.every(({ how }) => how === '');
  return (
    <>
      {own && own.how !== '' && own.signed === null && latest && may('targets.sign') && (
        <Button type="primary" onClick={() => setOpen('sign')}>
          签收
        </Button>
      )}
      {may('targets.write') && latest && divisible && of.whole.how !== '' && (
        <Button onClick={() => setOpen('split')}>分解到村</Button>
      )}
      {county && may('targets.write') && (
        <>
          {plan.draft === null ? (
            <Button onClick={() => setOpen('revise')}>调整任务</Button>
          ) : (
            <Button onClick={() => go(`/targets/${plan.plan}`, { version: plan.draft })}>看草稿</Button>
          )}
          <Button onClick={() => setOpen('end')}>终止</Button>
        </>
      )}
      {open === 'split' && <SplitDialog of={of} onClose={close} />}
      {open === 'sign' && <SignDialog of={of} onClose={close} />}
      {open === 'revise' && <ReviseDialog of={of} onClose={close} />}
      {open === 'end' && <EndDialog of={of} onClose={close} />}
    </>
  );
}
