import { useField } from './use-field.ts';

/** What is still on the phone only, always in sight. */
export function SendBar() {
  const {
    field,
    view: { entries, pictures, line, notice },
  } = useField();
  const waiting = entries.filter(({ state }) => state === 'waiting').length;
  const refused = entries.filter(({ state }) => state === 'refused').length;
  const photos = pictures.filter((picture) => picture.refused === null).length;
  if (line === 'signed-out' || line === 'disabled') {
    return (
      <button type="button" className="send bad" onClick={() => field.askSignIn()}>
        {notice} <b>重新登录</b>
      </button>
    );
  }
  if (line === 'broken') {
    return (
      <button type="button" className="send bad" onClick={() => location.reload()}>
        {notice} <b>重新打开</b>
      </button>
    );
  }
  if (waiting + refused + photos === 0) {
    return (
      <a className="send good" href="#/outbox">
        全部已上报
      </a>
    );
  }
  const parts = [
    waiting > 0 && `未上报 ${waiting} 条`,
    photos > 0 && `照片 ${photos} 张`,
    refused > 0 && `被退回 ${refused} 条`,
  ].filter(Boolean);
  return (
    <a className={refused > 0 ? 'send bad' : 'send'} href="#/outbox">
      {parts.join('，')}
      <small>
        {line === 'sending' ? '正在上报…' : waiting + photos > 0 ? '有网络时自动上报' : '请点开改正'}
      </small>
    </a>
  );
}
