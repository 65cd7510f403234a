import type { AnswerOf } from '@quanbao/contract/route';
import type { statements } from '@quanbao/contract/survey';
import type { StatementLine } from './management.ts';
import './management.css';

export type Statements = AnswerOf<typeof statements>;

/** Who the statements are for. */
export const WHO = [
  { value: 'refusing', label: '答复不愿参保、还没有签意愿书的' },
  { value: 'all', label: '全部应保未保的' },
] as const;
export type Who = (typeof WHO)[number]['value'];

interface SheetProps {
  readonly of: StatementLine;
  readonly county: string;
  readonly facts: Statements['facts'];
}

/** One 意愿书, a page of its own when it is printed. */
export function Statement({ of, county, facts }: SheetProps) {
  return (
    <article className="statement" aria-label={`${of.name}的意愿书`}>
      <h2>城乡居民基本养老保险参保意愿书</h2>
      <table>
        <tbody>
          <tr>
            <th scope="row">姓名</th>
            <td>{of.name}</td>
            <th scope="row">性别</th>
            <td>{of.sex}</td>
            <th scope="row">出生日期</th>
            <td>{of.birth}</td>
          </tr>
          <tr>
            <th scope="row">身份证号码</th>
            <td colSpan={5} className="number">
              {of.id}
            </td>
          </tr>
          <tr>
            <th scope="row">户籍地址</th>
            <td colSpan={5}>
              {of.place} {of.address}
            </td>
          </tr>
          <tr>
            <th scope="row">联系电话</th>
            <td colSpan={2} />
            <th scope="row">现住地址</th>
            <td colSpan={2} />
          </tr>
        </tbody>
      </table>
      {facts.length > 0 && (
        <section>
          <h3>政策告知</h3>
          {facts.map(({ text, source }) => (
            <p key={text}>
              {text}
              <small>（{source}）</small>
            </p>
          ))}
        </section>
      )}
      <section>
        <h3>本人意愿（请在方框内打√）</h3>
        <ul>
          <li>愿意参加城乡居民基本养老保险，请为本人办理参保登记。</li>
          <li>暂不参加。本人已经了解政策，今后愿意参加时可以随时提出。</li>
          <li>已经参加其他养老保险：＿＿＿＿＿＿＿＿（险种）＿＿＿＿＿＿＿＿＿＿（参保地）。</li>
          <li>其他：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿。</li>
        </ul>
        <p>不参加的原因：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿</p>
      </section>
      <section className="statement-signs">
        <p>本人签名：</p>
        <p>指印：</p>
        <p>日期：　　　　年　　月　　日</p>
        <p>代签人及与本人关系（本人不能签名时）：</p>
        <p>工作人员签名：</p>
        <p>日期：　　　　年　　月　　日</p>
      </section>
      <footer>
        {county}城乡居民基本养老保险 · 编号 {of.person} · 签名后请扫描，在全保“登记走访答复”中附上
      </footer>
    </article>
  );
}
