import { regions } from '@quanbao/contract/regions';
import { type DecisionBody, decide, finding } from '@quanbao/contract/register';
import { COLUMN_WORDS } from '@quanbao/domain/coverage/words';
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Modal, Select, TreeSelect } from 'antd';
import type { Dayjs } from 'dayjs';
import { useMemo, useState } from 'react';
import type { Static } from 'typebox';
import { sendForm } from '../../../api/call.ts';
import { useRead } from '../../../api/queries.ts';
import { useHere } from '../../../shell/here.ts';
import { villageTree } from '../../../shell/region-tree.ts';
import { number } from '../../../ui/format.ts';
import { PaperFields } from '../../../ui/paper-fields.tsx';
import { Failure } from '../../../ui/states.tsx';
import { useAct } from '../../../ui/use-act.ts';
import type { Finding } from './contract.ts';

interface Props {
  readonly people: readonly number[];
  /** The kind of finding that is decided; undefined for people of several. */
  readonly kind: string | undefined;
  readonly suggested?: NonNullable<Finding['suggested']>;
  readonly onClose: () => void;
  readonly onDone: () => void;
}
interface Fields {
  readonly column?: number;
  readonly village?: string;
  readonly reason: string;
  readonly from?: Dayjs;
}

/** Where the village is what the lists disagree on. */
const ABOUT_VILLAGE = new Set(['village-outside-town', 'village-unknown', 'no-village']);

/** A decision about one person or many: the column or the village, why, from when, and the paper that proves it. */
export function DecideDialog({ people, kind, suggested, onClose, onDone }: Props) {
  const { asOf } = useHere();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [document, setDocument] = useState<File>();
  const { busy, failure, run } = useAct();
  const placing = kind !== undefined && ABOUT_VILLAGE.has(kind);
  const places = useRead(regions, { query: asOf ? { asOf } : {} }, { enabled: placing });
  const villages = useMemo(
    () => (places.data ? villageTree(places.data.items, places.data.root.code) : []),
    [places.data],
  );
  const send = async ({ column, village, reason, from }: Fields): Promise<void> => {
    if (!document) return;
    const decision: Static<typeof DecisionBody> = {
      people: [...people],
      ...(column === undefined ? {} : { column }),
      ...(village === undefined ? {} : { village }),
      ...(kind === undefined ? {} : { kind }),
      reason,
      ...(from ? { from: from.format('YYYY-MM-DD') } : {}),
    };
    const form = new FormData();
    form.append('decision', JSON.stringify(decision));
    form.append('document', document, document.name);
    const done = await run(async () => {
      const made = await sendForm(decide, form);
      message.success(
        `第 ${made.number} 号裁定：${number(made.people)} 人，其中 ${number(made.changed)} 人的结论改变。`,
      );
    });
    if (!done) return;
    onDone();
    // What was just decided is no finding any more.
    const old = (key: unknown): boolean => key !== 'session' && key !== finding.url;
    await queries.invalidateQueries({ predicate: ({ queryKey }) => old(queryKey[0]) });
  };
  return (
    <Modal
      open
      width={600}
      title={people.length === 1 ? '裁定' : `裁定 ${number(people.length)} 人`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="muted">裁定优先于一切名单，直到撤回。人、理由和材料都留痕，可以撤回。</p>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        layout="vertical"
        initialValues={suggested ? { column: suggested.column, reason: suggested.because } : {}}
        onFinish={(values: Fields) => void send(values)}
      >
        {placing && (
          <Form.Item
            name="village"
            label="所在的村（社区）"
            rules={[{ required: true, message: '请选择村（社区）' }]}
          >
            <TreeSelect
              placeholder="选择乡镇下的村（社区）"
              treeData={villages}
              showSearch
              treeNodeFilterProp="title"
              listHeight={320}
              loading={places.isFetching}
            />
          </Form.Item>
        )}
        <Form.Item
          name="column"
          label={placing ? '同时裁定结论为' : '裁定为'}
          {...(placing
            ? { extra: '不选则只裁定所在的村，结论仍按名单。' }
            : { rules: [{ required: true, message: '请选择裁定的结论' }] })}
        >
          <Select
            allowClear={placing}
            placeholder="附件3第几栏"
            options={Object.entries(COLUMN_WORDS).map(([column, words]) => ({
              value: Number(column),
              label: `第 ${column} 栏 ${words}`,
            }))}
          />
        </Form.Item>
        <PaperFields
          act="裁定"
          why={{ least: 2, message: '请写明根据什么这样裁定' }}
          paper={{
            id: 'decision-document',
            title: '材料',
            extra: '一个文件，例如证明扫描件；加密保存。多份请先合成一个文件。',
          }}
          latest={asOf}
          file={document}
          onPick={setDocument}
          busy={busy}
          onCancel={onClose}
        />
      </Form>
    </Modal>
  );
}
