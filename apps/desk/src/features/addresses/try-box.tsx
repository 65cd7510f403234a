import { testAddressRules } from '@quanbao/contract/addresses';
import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { Failure } from '../../ui/states.tsx';
import type { Tested } from './contract.ts';

/** Typing may go on so long before the rules are asked. */
const PAUSE = 250;

interface Props {
  /** A town whose people are meant; none for the whole county. */
  readonly town: string | undefined;
  /** Changes with the rules, so that the answer is asked anew. */
  readonly version: string;
}

/** An address typed in, and what the rules make of it while it is typed. */
export function TryBox({ town, version }: Props) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<Tested>();
  const [failure, setFailure] = useState<unknown>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rules give another answer
  useEffect(() => {
    setFailure(undefined);
    if (text.trim() === '') {
      setFound(undefined);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      call(testAddressRules, { body: { text: text.trim(), ...(town ? { region: town } : {}) } })
        .then((answer) => current && setFound(answer))
        .catch((error) => current && setFailure(error));
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, town, version]);
  return (
    <section className="card addresses-try" aria-labelledby="try">
      <h2 id="try">试一个地址</h2>
      <Input
        aria-labelledby="try"
        allowClear
        maxLength={200}
        placeholder="例如：琼湖街道长乐街31号"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {failure !== undefined && <Failure error={failure} />}
      {found && failure === undefined && (
        <div role="status">
          <p className={found.rule ? 'addresses-hit' : 'addresses-miss'}>{found.because}</p>
          {found.rule && <p className="muted">{found.rule.words}</p>}
          {found.near.length > 0 && (
            <ul className="addresses-near">
              {found.near.map((one) => (
                <li key={one.number}>
                  第 {one.number} 号没有用上：{one.because}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}
