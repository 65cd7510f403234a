import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { ASSESSMENT_WORDS } from '@quanbao/domain/supervision/paper/assessment';
import type { PaperKind } from '@quanbao/domain/supervision/paper/paper';
import { FIGURES, NAMES } from '@quanbao/domain/supervision/paper/placeholder';
import { checkTemplate } from '@quanbao/domain/supervision/paper/template';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Template, TemplateSection } from './contract.ts';

interface Props {
  readonly kind: PaperKind;
  readonly given: Template;
  readonly own: boolean;
  readonly mayEdit: boolean;
  readonly onReset: () => void;
  readonly onSave: (template: Template) => Promise<void>;
}

const LINES = [
  ['title', '标题'],
  ['redHead', '红头（空着则不印）'],
  ['number', '发文字号'],
  ['to', '主送'],
  ['cc', '抄送'],
] as const;

export function TemplateForm({ kind, given, own, mayEdit, onReset, onSave }: Props) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [template, setTemplate] = useState(given);
  const problems = checkTemplate({ ...template, kind });
  const change = (section: number, with_: Partial<TemplateSection>): void =>
    setTemplate({
      ...template,
      sections: template.sections.map((one, i) => (i === section ? { ...one, ...with_ } : one)),
    });
  const without = (section: number): void =>
    setTemplate({ ...template, sections: template.sections.filter((_, i) => i !== section) });
  const add = (): void =>
    setTemplate({
      ...template,
      sections: [...template.sections, { heading: '', when: '', text: '', show: [] }],
    });
  const save = (): void =>
    void run(async () => {
      await onSave(template);
      message.success('已保存，以后的草稿按新模板。');
    });
  return (
    <div className="paper-columns">
      <fieldset className="card paper-template" disabled={!mayEdit}>
        <legend>{own ? '本县修改过的模板' : '随产品提供的模板'}</legend>
        {failure !== undefined && <Failure error={failure} />}
        {LINES.map(([key, label]) => (
          <div key={key} className="paper-field">
            <span aria-hidden>{label}</span>
            <Input
              aria-label={label}
              value={template[key]}
              maxLength={120}
              onChange={({ target }) => setTemplate({ ...template, [key]: target.value })}
            />
          </div>
        ))}
        <div className="paper-field">
          <span aria-hidden>发文单位（每行一个；乡镇作的由乡镇落款）</span>
          <Input.TextArea
            aria-label="发文单位"
            autoSize
            value={template.offices.join('\n')}
            onChange={({ target }) => setTemplate({ ...template, offices: target.value.split('\n') })}
          />
        </div>
        {template.sections.map((section, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <section key={i} className="paper-part">
            <h3>第 {i + 1} 部分</h3>
            <div className="paper-field">
              <span aria-hidden>标题（序号自动编；空着则接上文）</span>
              <Input
                aria-label={`第 ${i + 1} 部分 标题`}
                value={section.heading}
                maxLength={60}
                onChange={({ target }) => change(i, { heading: target.value })}
              />
            </div>
            <div className="paper-field">
              <span aria-hidden>只在这种情况下印（空着则总是印）</span>
              <Input
                aria-label={`第 ${i + 1} 部分 只在这种情况下印`}
                value={section.when}
                placeholder="例如 gap:verify-task-rate < 0"
                maxLength={120}
                onChange={({ target }) => change(i, { when: target.value })}
              />
            </div>
            <div className="paper-field">
              <span aria-hidden>正文（每行一段）</span>
              <Input.TextArea
                aria-label={`第 ${i + 1} 部分 正文`}
                autoSize={{ minRows: 2 }}
                value={section.text}
                maxLength={4000}
                onChange={({ target }) => change(i, { text: target.value })}
              />
            </div>
            <div className="paper-field">
              <span aria-hidden>表和图（每行一个）</span>
              <Input.TextArea
                aria-label={`第 ${i + 1} 部分 表和图`}
                autoSize
                value={section.show.join('\n')}
                onChange={({ target }) =>
                  change(i, { show: target.value.split('\n').filter((line) => line.trim() !== '') })
                }
              />
            </div>
            {mayEdit && template.sections.length > 1 && (
              <Button size="small" onClick={() => without(i)}>
                去掉这一部分
              </Button>
            )}
          </section>
        ))}
        {mayEdit && (
          <div className="buttons">
            <Button onClick={add}>加一部分</Button>
            <Button type="primary" loading={busy} disabled={problems.length > 0} onClick={save}>
              保存
            </Button>
            {own && <Button onClick={onReset}>恢复随产品提供的</Button>}
          </div>
        )}
      </fieldset>
      <aside>
        <section className="card" aria-live="polite">
          <h2>检查</h2>
          {problems.length === 0 ? (
            <p>占位符、条件和图表都能印。</p>
          ) : (
            <ul className="paper-problems">
              {problems.map(({ where, message: words }) => (
                <li key={where + words}>
                  {where}：{words}
                </li>
              ))}
            </ul>
          )}
        </section>
        <Manual />
      </aside>
    </div>
  );
}

/** What may be written, with every indicator. */
function Manual() {
  return (
    <section className="card">
      <h2>写法</h2>
      <p>
        <code>{'{coverage-rate}'}</code> 是统计日的数；<code>@last-week</code>、<code>@last-month</code>、
        <code>@last-quarter</code> 是七天前、上月末、上季末的数。
      </p>
      <dl className="paper-manual">
        {Object.entries(FIGURES).map(([what, words]) => (
          <div key={what}>
            <dt>
              <code>{what === 'value' ? '{指标}' : `{${what}:指标}`}</code>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
        {Object.entries(NAMES).map(([name, words]) => (
          <div key={name}>
            <dt>
              <code>{`{${name}}`}</code>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
        {Object.entries(ASSESSMENT_WORDS).map(([word, words]) => (
          <div key={word}>
            <dt>
              <code>{`{assessment:${word}}`}</code>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
        {[
          ['ranking:指标@last-week', '排名表，可同某日比'],
          ['places:指标', '各单位条形图'],
          ['weeks:指标', '逐周变化图'],
          ['form:annex5', '附件5 调度表'],
          ['assessment:result', '当日定案考核的得分和定级表'],
          ['assessment:lines', '考核逐项得分表（附件）'],
        ].map(([code, words]) => (
          <div key={code}>
            <dt>
              <code>{code}</code>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>全部指标</summary>
        <dl className="paper-manual">
          {INDICATORS.map(({ code, name }) => (
            <div key={code}>
              <dt>
                <code>{code}</code>
              </dt>
              <dd>{name}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
