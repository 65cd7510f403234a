import { undoClosing } from '@quanbao/contract/ledger';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll } from '../../api/queries.ts';

/** Takes a closing by hand back, after asking. */
export function UndoClosing({ closing }: { readonly closing: number }) {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const ask = (): void => {
    modal.confirm({
      title: '撤回这次人工销号？',
      content: '台账恢复未销号；销号和撤回都留痕。',
      okText: '撤回销号',
      cancelText: '不撤回',
      onOk: async () => {
        try {
          await call(undoClosing, { params: { closing } });
          message.success('已撤回，台账恢复未销号。');
          await refreshAll(queries);
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有撤回，请重试。');
        }
      },
    });
  };
  return (
    <Button size="small" onClick={ask}>
      撤回
    </Button>
  );
}
