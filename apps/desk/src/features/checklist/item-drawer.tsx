import { actOnItem, checklistItem, itemDocument, requestWithDocument } from '@quanbao/contract/checklist';
import { ACT_WORDS, type Act } from '@quanbao/domain/checklist/life';
import { formatValue } from '@quanbao/domain/indicators/indicators';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { call, download, sendForm } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { FilePick } from '../../ui/file-pick.tsx';
import { localTime, longDay } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Checklist, ItemLife } from './contract.ts';
import { ItemForm } from './item-form.tsx';
import { StateTag } from './state-tag.tsx';

interface Props {
  readonly head: Checklist['head'];
  readonly item: number;
}

/** One item: what the paper says, its periods, what was done about it and by whom, and what may be done now. */
export function ItemDrawer({ head, item }: Props) {
  const { query, set } = useHere();
  const [changing, setChanging] = useState(false);
  const { data, error, refetch } = useRead(checklistItem, {
    params: { list: head.list, item },
    query: { asOf: query.asOf },
  });
  const shown = data?.item.item === item ? data : undefined;
  return (
    <Drawer
      open
      size={720}
      title={`第 ${item} 项`}
      onClose={() => set({ open: null })}
      extra={head.writes && shown && <Button onClick={() => setChanging(true)}>责任人和时限</Button>}
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!shown && !error && <Loading />}
      {shown && <Life head={head} life={shown} />}
      {changing && shown && (
        <ItemForm list={head.list} item={shown.item} onClose={() => setChanging(false)} />
      )}
    </Drawer>
  );
}

function Life({ head, life }: { readonly head: Checklist['head']; readonly life: ItemLife }) {
  const { href } = useHere();
  const { message } = App.useApp();
  const { item, periods, events, towns } = life;
  const fetchProof = (period: string, no: number): void => {
    void download(itemDocument, { params: { list: head.list, item: item.item, period, no } }).catch((error) =>
      message.error(error instanceof Problem ? error.message : '没有取到材料，请重试。'),
    );
  };
  return (
    <div className="checklist-life">
      <p className="checklist-measure">{item.measure}</p>
      <dl className="facts">
        {item.goal && <Fact title="工作目标">{item.goal}</Fact>}
        <Fact title="责任单位">{item.units}</Fact>
        <Fact title="责任人">{item.person || '未写明'}</Fact>
        <Fact title="完成时限">
          {item.deadline}（{item.rhythm}）
        </Fact>
        {item.evidence && <Fact title="佐证要求">{item.evidence}</Fact>}
        {item.progress && (
          <Fact title="进度">
            {item.progress.name} {formatValue(item.progress.indicator, item.progress.value)}
          </Fact>
        )}
      </dl>
      {item.period && <ActBox head={head} life={life} period={item.period} />}
      <h2>各期</h2>
      {periods.length === 0 && <p className="muted">还没有开始。</p>}
      <ul className="plain">
        {periods.map((period) => (
          <li key={period.key}>
            {period.key === 'once' ? '' : `${longDay(period.from)}起，`}
            {longDay(period.due)}前 <StateTag state={period.state} late={period.late} />
          </li>
        ))}
      </ul>
      {towns.length > 0 && (
        <>
          <h2>乡镇工作细案</h2>
          <ul className="plain">
            {towns.map((town) => (
              <li key={town.list}>
                <Go href={href(`/checklists/${town.list}`, { open: String(town.item) })}>
                  {town.region.name}
                </Go>{' '}
                <StateTag state={town.state} late={town.late} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>经过</h2>
      {events.length === 0 && <p className="muted">还没有人办理。</p>}
      <ol className="plain checklist-events">
        {events.map(({ period, no, act, day, note, document, actor, at }) => (
          <li key={`${period} ${no}`}>
            <b>{ACT_WORDS[act as Act]}</b> {longDay(day)} {actor}
            <small className="muted">（{localTime(at)} 记下）</small>
            {note && <p>{note}</p>}
            {document && (
              <Button type="link" size="small" onClick={() => fetchProof(period, no)}>
                {document}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type Period = NonNullable<ItemLife['item']['period']>;

/** What the account may do about the period: ask, decide, or take up again. */
function ActBox({
  head,
  life: { item },
  period,
}: {
  readonly head: Checklist['head'];
  readonly life: ItemLife;
  readonly period: Period;
}) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [file, setFile] = useState<File>();
  const { busy, failure, run } = useAct();
  const { state } = period;
  const asks = head.writes && (state === 'open' || state === 'returned');
  const decides = head.reviews && state === 'requested';
  const reopens = head.reviews && state === 'closed';
  if (!asks && !decides && !reopens) return null;
  const params = { list: head.list, item: item.item };
  const act = async (what: Act): Promise<void> => {
    const body = { act: what, period: period.key, note };
    const done = await run(() => {
      if (what !== 'request' || !file) return call(actOnItem, { params, body });
      const form = new FormData();
      form.append('act', JSON.stringify(body));
      form.append('document', file, file.name);
      return sendForm(requestWithDocument, form, params);
    });
    if (!done) return;
    message.success(`已${ACT_WORDS[what]}。`);
    setNote('');
    setFile(undefined);
    await refreshAll(queries);
  };
  return (
    <section className="checklist-act" aria-label="办理">
      {failure !== undefined && <Failure error={failure} />}
      <Input.TextArea
        rows={2}
        maxLength={500}
        aria-label="说明"
        placeholder={asks ? '完成情况' : decides ? '审核意见（退回时写明原因）' : '恢复的原因'}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {asks && <FilePick label="佐证材料" file={file} onPick={setFile} />}
      <div className="buttons">
        {asks && (
          <Button
            type="primary"
            loading={busy}
            disabled={note.trim().length < 2 || (item.evidence !== '' && !file)}
            onClick={() => void act('request')}
          >
            申请销账
          </Button>
        )}
        {decides && (
          <>
            <Button type="primary" loading={busy} onClick={() => void act('close')}>
              销账
            </Button>
            <Button loading={busy} disabled={note.trim().length < 2} onClick={() => void act('return')}>
              退回
            </Button>
          </>
        )}
        {reopens && (
          <Button loading={busy} disabled={note.trim().length < 2} onClick={() => void act('reopen')}>
            恢复
          </Button>
        )}
      </div>
    </section>
  );
}
