import { undoDecision } from '@quanbao/contract/register';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { call } from '../../../api/call.ts';
import { Problem } from '../../../api/problem.ts';
import { refreshAll } from '../../../api/queries.ts';
import { number } from '../../../ui/format.ts';

/** Takes a decision back, after asking. */
export function UndoDecision({ number: decision }: { readonly number: number }) {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const ask = (): void => {
    modal.confirm({
      title: `撤回第 ${decision} 号裁定？`,
      content: '所涉的人回到按名单判定的结论；裁定和撤回都留痕。',
      okText: '撤回裁定',
      cancelText: '不撤回',
      onOk: async () => {
        try {
          const { changed } = await call(undoDecision, { params: { number: decision } });
          message.success(`已撤回，${number(changed)} 人的结论改变。`);
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
