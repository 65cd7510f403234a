import { dropFilter, savedFilters, saveFilter } from '@quanbao/contract/register';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { queryKey, useRead } from '../../api/queries.ts';
import { queryText } from '../../api/url.ts';
import { isNumber } from '../../shell/asked.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { questionOf } from './question.ts';

/** Questions somebody keeps for himself; the day is not kept, so that it is always asked of today. */
export function SavedFilters({ question }: { readonly question: ReturnType<typeof questionOf> }) {
  const { query } = useHere();
  const { data } = useRead(savedFilters, {});
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const { busy, failure, run } = useAct();
  const queries = useQueryClient();
  const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: queryKey(savedFilters) });
  const { asOf: _, ...kept } = question;
  const save = (): void => {
    void run(async () => {
      await call(saveFilter, { body: { name: name.trim(), question: kept } });
      setName('');
      await renew();
    });
  };
  const items = data?.items ?? [];
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      title="保存的查询"
      content={
        <div className="saved">
          {failure !== undefined && <Failure error={failure} />}
          {items.length === 0 && (
            <p className="muted">还没有保存过。设好条件，起个名字存下来，下次一点就到。</p>
          )}
          <ul className="plain">
            {items.map(({ filter, name: title, question: saved }) => (
              <li key={filter}>
                <Go
                  href={`/people${queryText({ ...saved, asOf: query.asOf })}`}
                  onClick={() => setOpen(false)}
                >
                  {title}
                </Go>
                <Button
                  size="small"
                  type="text"
                  aria-label={`删除“${title}”`}
                  onClick={() =>
                    void run(async () => {
                      await call(dropFilter, { params: { filter } });
                      await renew();
                    })
                  }
                >
                  删除
                </Button>
              </li>
            ))}
          </ul>
          <form
            className="buttons"
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <Input
              aria-label="查询的名字"
              placeholder="给现在的条件起个名字"
              maxLength={40}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button
              htmlType="submit"
              loading={busy}
              disabled={name.trim() === '' || isNumber(question.q ?? '')}
            >
              保存
            </Button>
          </form>
        </div>
      }
    >
      <Button aria-expanded={open}>保存的查询{items.length > 0 && `（${items.length}）`}</Button>
    </Popover>
  );
}
