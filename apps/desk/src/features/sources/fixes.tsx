import { fixes, undoFix } from '@quanbao/contract/sources';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';

/** Corrections of wrong numbers that reach this list; each can be taken back. */
export function Fixes({ delivery }: { readonly delivery: number }) {
  const { data, error } = useRead(fixes, { params: { delivery } });
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  if (error) return <Failure error={error} />;
  if (!data || data.items.length === 0) return null;
  const ask = (fix: number): void => {
    modal.confirm({
      title: `撤销第 ${fix} 次更正？`,
      content: '那一行重新列为拒收，可以再更正；更正和撤销都留痕。',
      okText: '撤销更正',
      cancelText: '不撤销',
      onOk: async () => {
        try {
          const { changed } = await call(undoFix, { params: { fix } });
          message.success(`已撤销，${number(changed)} 人的结论改变。`);
          await refreshAll(queries);
        } catch (failure) {
          message.error(failure instanceof Problem ? failure.message : '没有撤销，请重试。');
        }
      },
    });
  };
  return (
    <section className="card" aria-labelledby="fixes">
      <h2 id="fixes">更正过的号码</h2>
      <p className="muted">更正自截至那一天起，对同一单位这种名单里同样的错误号码都有效。</p>
      <ul className="lines">
        {data.items.map((one) => (
          <li key={one.fix}>
            <span>
              第 {one.fix} 次：更正为 {one.id} {one.undone && <span className="tag undone">已撤销</span>}
              <small>
                自截至 {one.asOf} 的名单起；{one.actor}，{one.madeAt}
              </small>
            </span>
            {!one.undone && (
              <Button size="small" onClick={() => ask(one.fix)}>
                撤销
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
