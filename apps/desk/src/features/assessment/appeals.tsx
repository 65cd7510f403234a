import { Button } from 'antd';
import { localTime } from '../../ui/format.ts';
import { type Appeal, typed, type UnitView } from './contract.ts';

interface Props {
  readonly of: UnitView;
  readonly onDecide?: (appeal: Appeal) => void;
}

export function Appeals({ of, onDecide }: Props) {
  const value = (line: string, amount: number): string => {
    const found = of.lines.find((one) => one.line === line);
    return `${typed(found?.rate ?? false, amount)}${found?.unit ?? ''}`;
  };
  return (
    <section className="card" aria-labelledby="assess-appeals">
      <h2 id="assess-appeals">申诉和裁决</h2>
      <ul className="plain">
        {of.appeals.map((one) => (
          <li key={one.appeal}>
            第 {one.appeal} 号 {of.lines.find(({ line }) => line === one.line)?.title}：{one.reason}
            {one.claimed !== null && `（主张 ${value(one.line, one.claimed)}）`}
            <small className="muted">
              {' '}
              {one.actor} {localTime(one.madeAt)}
            </small>
            {one.upheld === null ? (
              <>
                {' '}
                <span className="tag pending">待裁决</span>
                {onDecide && (
                  <Button type="link" size="small" onClick={() => onDecide(one)}>
                    裁决
                  </Button>
                )}
              </>
            ) : (
              <p>
                <span className={`tag ${one.upheld ? 'in-force' : 'disabled'}`}>
                  {one.upheld ? '采纳' : '驳回'}
                </span>{' '}
                {one.decision}
                {one.decided !== null && `，改定为 ${value(one.line, one.decided)}`}
                <small className="muted"> {one.decidedBy}</small>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
