import { indicator } from '@quanbao/domain/indicators/indicators';
import { parseReference } from '@quanbao/domain/indicators/reference';
import type { OpenedPaper } from './contract.ts';

/** That it is what was issued, and which of its numbers come out otherwise by what is known now. */
export function Proof({ opened }: { readonly opened: OpenedPaper }) {
  const { line, proof, moved, digest } = opened;
  return (
    <section className="card">
      <h2>留存与核对</h2>
      {line.withdrawnReason !== null && (
        <p className="paper-warning">
          已由 {line.withdrawnBy} 撤回：{line.withdrawnReason}
        </p>
      )}
      <p>
        {line.issuedBy} 于 {line.issuedAt} 印发。
      </p>
      <p>{proof?.kept ? '留存的全文和数据未被改动。' : '留存的内容与摘要不符，请停止使用并查看留痕。'}</p>
      <p>{proof?.remade ? '按留存的数据重算，全文和摘要相同。' : '按留存的数据重算，与印发时不同。'}</p>
      <p className="muted paper-digest">SM3 {digest}</p>
      <h2>按现在掌握的数据</h2>
      {moved === null && <p className="muted">这份材料由上级作出，您的账号算不了全部数字。</p>}
      {moved?.length === 0 && <p>全部数字与印发时相同。</p>}
      {moved !== null && moved.length > 0 && (
        <>
          <p>有 {moved.length} 个数字变了；印发的全文不变。</p>
          <table className="paper-moved">
            <thead>
              <tr>
                <th scope="col">指标</th>
                <th scope="col">印发时</th>
                <th scope="col">现在</th>
              </tr>
            </thead>
            <tbody>
              {moved.map((one) => (
                <tr key={one.reference}>
                  <td>{referenceWords(one.reference)}</td>
                  <td className="number">{one.issued}</td>
                  <td className="number">{one.now}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

const WHAT = {
  value: '',
  change: '的变化',
  rank: '的名次',
  pace: '的时间进度',
  gap: '与时间进度之差',
  rest: '（未分村社区）',
};

function referenceWords(text: string): string {
  const found = parseReference(text);
  if (found === undefined) return text;
  return `${found.region} ${found.day} ${indicator(found.indicator).name}${WHAT[found.what]}`;
}
