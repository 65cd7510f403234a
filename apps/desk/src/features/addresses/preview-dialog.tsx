import { applyAddresses, previewAddresses } from '@quanbao/contract/addresses';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { number } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Preview } from './contract.ts';
import { refreshPlaces } from './refresh.ts';

interface Props {
  readonly region: string;
  readonly onClose: () => void;
}

/** What applying the rules would do, with examples of each; then one press does it. */
export function PreviewDialog({ region, onClose }: Props) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [from, setFrom] = useState<string>();
  const [preview, setPreview] = useState<Preview>();
  const look = useAct();
  const apply = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked when the question changes, not when the asking does
  useEffect(() => {
    void look.run(async () =>
      setPreview(await call(previewAddresses, { body: { region, ...(from ? { from } : {}) } })),
    );
  }, [region, from]);
  const send = async (): Promise<void> => {
    if (!preview) return;
    const done = await apply.run(async () => {
      const report = await call(applyAddresses, {
        body: {
          region,
          expected: preview.placed,
          digest: preview.digest,
          ...(from ? { from } : {}),
        },
      });
      message.success(`第 ${report.application} 次分村：${number(report.people)} 人已归入村（社区）。`);
    });
    if (!done) return;
    onClose();
    await refreshPlaces(queries);
  };
  return (
    <Modal open width={860} title="预览：按规则归村" footer={null} onCancel={onClose} destroyOnHidden>
      {look.failure !== undefined && <Failure error={look.failure} />}
      {apply.failure !== undefined && <Failure error={apply.failure} />}
      {!preview && look.busy && <Loading words="正在逐人比对规则……" />}
      {preview && (
        <>
          <p className="addresses-sum">
            {preview.region.path}未分村 {number(preview.unplaced)} 人：可归村 <b>{number(preview.placed)}</b>{' '}
            人，余 {number(preview.left)} 人不变
            {preview.torn > 0 && `（${number(preview.torn)} 户已知的人分在几个村，没有随户）`}。
          </p>
          <div className="addresses-preview">
            {preview.rules.map((rule) => (
              <section key={rule.number} className={rule.people === 0 ? 'none' : undefined}>
                <h3>
                  第 {rule.number} 号　{rule.words}
                  <b>{number(rule.people)} 人</b>
                </h3>
                {rule.unreachable && <p className="addresses-dead">永远用不上：{rule.unreachable}</p>}
                {rule.elsewhere > 0 && (
                  <p className="muted">另有 {number(rule.elsewhere)} 人文字相符，但已知在别的乡镇，不归。</p>
                )}
                {rule.samples.length > 0 && (
                  <ul>
                    {rule.samples.map((one) => (
                      <li key={one.person}>
                        <span>{one.name}</span>
                        <span>{one.address}</span>
                        <span>{one.village}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            ))}
          </div>
          <div className="buttons">
            <span>
              自{' '}
              <DatePicker
                size="small"
                placeholder={preview.from}
                aria-label="自哪一天起"
                onChange={(day) => setFrom(day ? day.format('YYYY-MM-DD') : undefined)}
              />{' '}
              起
            </span>
            <Button
              type="primary"
              loading={apply.busy}
              disabled={preview.placed === 0 || look.busy}
              onClick={() => void send()}
            >
              {preview.placed === 0 ? '没有人可归' : `把 ${number(preview.placed)} 人归入村（社区）`}
            </Button>
            <Button onClick={onClose}>不归</Button>
            <span className="muted">名单写明的村始终优先；可以整次撤回。</span>
          </div>
        </>
      )}
    </Modal>
  );
}
