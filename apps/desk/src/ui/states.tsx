import { Alert, Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem.ts';

export function Loading({ words = '正在读取……' }: { readonly words?: string }) {
  return (
    <div className="state" role="status">
      <Spin size="small" /> {words}
    </div>
  );
}

/** Nothing to show: says why, and what to do about it. */
export function Nothing({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children}
    </div>
  );
}

/** Nobody can be counted before the first register is there. */
export function NoRegister({ title }: { readonly title: string }) {
  return (
    <Nothing title={title}>
      <p>先由县里接收公安的户籍人口名单，才有人可数。</p>
    </Nothing>
  );
}

/** @param error a Problem has words for the user; anything else is a fault of the desk */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const words =
    error instanceof Problem
      ? error.message
      : '这一页出了故障，数据没有受影响。请刷新重试；仍然不行时，请把所在页面告诉系统管理员。';
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={words}
      action={
        retry && (
          <Button size="small" onClick={retry}>
            重试
          </Button>
        )
      }
    />
  );
}
