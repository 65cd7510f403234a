import { suggest } from '@quanbao/contract/register';
import { AutoComplete, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useRead } from '../api/queries.ts';
import { useMay } from '../api/session.ts';
import { isNumber } from './asked.ts';
import { useHere } from './here.ts';

const PAUSE = 200;
const ALL = 'all';
const NOBODY = 'nobody';

/** People from any page: Ctrl+K or / goes there, ↓ Enter opens one, Enter alone lists all. */
export function SearchBox() {
  const may = useMay();
  return may('people.read') ? <Box /> : null;
}

function Box() {
  const { go } = useHere();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const asked = useAfterPause(text.trim());
  const { data, isFetching, error } = useRead(
    suggest,
    { query: { q: asked } },
    { enabled: asked.length > 0 },
  );
  const found = asked === '' ? [] : (data?.items ?? []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select');
      const wanted =
        (event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !typing);
      if (!wanted) return;
      event.preventDefault();
      input.current?.focus({ cursor: 'all' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const settled = asked === text.trim() && !isFetching;
  const typed = text.trim();
  // A number must not stand in an address, which the browser keeps: who has it is among the suggestions.
  const asNumber = isNumber(typed);
  const nothing = !settled
    ? '正在查找……'
    : error
      ? '暂时不能查找，请稍后再试'
      : '没有这个号码的人，或不在您的管辖范围';
  const first = asNumber
    ? found.length === 0
      ? [{ value: NOBODY, label: nothing }]
      : []
    : [{ value: ALL, label: `在人员清单里查“${typed}”` }];
  const choose = (value: string): void => {
    if (value === NOBODY) return;
    input.current?.blur();
    if (value === ALL) {
      go('/people', { q: typed });
      return;
    }
    setText('');
    go(`/people/${value}`);
  };
  return (
    <search className="search-box">
      <AutoComplete
        value={text}
        onSearch={setText}
        onSelect={choose}
        defaultActiveFirstOption
        popupMatchSelectWidth={440}
        options={
          typed === ''
            ? []
            : [
                ...first,
                ...found.map(({ person, name, id, place }) => ({
                  value: String(person),
                  label: (
                    <>
                      <strong>{name}</strong> {id} <span className="muted">{place}</span>
                    </>
                  ),
                })),
              ]
        }
      >
        <Input
          ref={input}
          aria-label="查人"
          placeholder="查人：姓名、拼音、号码、电话、地址"
          suffix={<span className="hint">Ctrl K</span>}
          maxLength={80}
        />
      </AutoComplete>
    </search>
  );
}

function useAfterPause(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
