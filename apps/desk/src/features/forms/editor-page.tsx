import { defineForm, dropForm, forms } from '@quanbao/contract/reports';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { queryClient, queryKey, useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { Checks } from './checks.tsx';
import { Columns } from './columns.tsx';
import type { OwnForm } from './contract.ts';
import { newDraft, tidy } from './draft.ts';
import './editor.css';
import { FormTabs } from './form-tabs.tsx';
import { Preview } from './preview.tsx';

/** A county's own form: an existing one by `?form=`, else a new one. */
export default function EditorPage() {
  const { query } = useHere();
  const { data, error, refetch } = useRead(forms, {});
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const kept = data.items.find((item) => item.own && item.code === query.form)?.definition ?? undefined;
  return <Editor key={kept?.code ?? 'new'} kept={kept} />;
}

function Editor({ kept }: { readonly kept: OwnForm | undefined }) {
  const { go } = useHere();
  const { message, modal } = App.useApp();
  const [draft, setDraft] = useState<OwnForm>(() => kept ?? newDraft());
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const save = () =>
    attempt(async () => {
      const { code } = draft;
      await call(defineForm, { params: { form: code }, body: tidy(draft) });
      await queryClient.invalidateQueries({ queryKey: queryKey(forms).slice(0, 1) });
      await queryClient.invalidateQueries({ queryKey: ['/api/forms/:form'] });
      void message.success('已保存');
      go(`/forms/${code}`);
    });
  const drop = () =>
    modal.confirm({
      title: `删除“${draft.name}”？`,
      content: '只删除这张表的格式，不影响任何人员和数据。',
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () =>
        attempt(async () => {
          await call(dropForm, { params: { form: draft.code } });
          await queryClient.invalidateQueries({ queryKey: queryKey(forms).slice(0, 1) });
          go('/forms');
        }),
    });
  return (
    <div className="page">
      <div className="page-head">
        <FormTabs current="own" />
        <div className="page-tools">
          {kept && (
            <Button danger disabled={busy} onClick={drop}>
              删除
            </Button>
          )}
          <Button type="primary" loading={busy} onClick={() => void save()}>
            保存
          </Button>
        </div>
      </div>
      <h1>{kept ? `修改自定表：${kept.name}` : '新建自定表'}</h1>
      {problem !== undefined && <Failure error={problem} />}
      <section className="card form-names">
        <label htmlFor="form-name">表名</label>
        <Input
          id="form-name"
          value={draft.name}
          maxLength={60}
          placeholder="如：重点人群参保情况表"
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <label htmlFor="form-title">标题</label>
        <Input
          id="form-title"
          value={draft.title}
          maxLength={120}
          onChange={(event) => setDraft({ ...draft, title: event.target.value })}
        />
        <p className="muted">
          标题中的 {'{county}'} 印成县名，{'{year}'} 印成年份。
        </p>
      </section>
      <Columns draft={draft} onChange={setDraft} />
      <Checks draft={draft} onChange={setDraft} />
      <Preview draft={draft} />
    </div>
  );
}
