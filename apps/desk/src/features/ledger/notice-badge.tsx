import { noticeEvents, notices } from '@quanbao/contract/ledger';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { follow } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { badgeWords } from './inbox.ts';
import './notice-badge.css';
import { refreshLedger } from './refresh.ts';

interface News {
  readonly open: number;
  readonly change: number;
}

/** How long to wait before a stream that the server has closed is asked for again, in milliseconds. */
const AGAIN = 10_000;

/** How many notices wait, on every page; a new one is told of as it comes, and what shows items is read again. */
export function NoticeBadge() {
  const { href } = useHere();
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const [open, setOpen] = useState<number>();
  const last = useRef<News>(undefined);
  const inbox = href('/notices');
  const onNews = (news: News): void => {
    const before = last.current;
    last.current = news;
    setOpen(news.open);
    if (before === undefined) return;
    if (news.change <= before.change) {
      void queries.invalidateQueries({ queryKey: [notices.url] });
      return;
    }
    void refreshLedger(queries);
    notification.info({
      key: 'push',
      placement: 'bottomRight',
      title: '有新的推送',
      description: <Go href={inbox}>名单或走访给台账带来变动，请查看签收</Go>,
    });
  };
  const tell = useRef(onNews);
  tell.current = onNews;
  useEffect(() => follower((news) => tell.current(news)), []);
  return (
    <Go
      href={inbox}
      className="notice-badge"
      aria-label={open === undefined ? '推送' : `推送${open > 0 ? badgeWords(open) : ''}：${open} 条未签收`}
    >
      推送
      {open !== undefined && open > 0 && <span>{badgeWords(open)}</span>}
    </Go>
  );
}

/**
 * Follows the notices while the page is in sight: a browser gives few connections to one server, and a tab
 * that nobody looks at must not hold one. @returns how to stop
 */
function follower(onNews: (news: News) => void): () => void {
  let stop = (): void => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (): void => {
    stop();
    clearTimeout(timer);
    stop = (): void => {};
    if (document.visibilityState === 'hidden') return;
    stop = follow<News>(
      noticeEvents,
      {},
      {
        message: onNews,
        lost: () => {
          timer = setTimeout(start, AGAIN);
        },
      },
    );
  };
  start();
  document.addEventListener('visibilitychange', start);
  return () => {
    document.removeEventListener('visibilitychange', start);
    clearTimeout(timer);
    stop();
  };
}
