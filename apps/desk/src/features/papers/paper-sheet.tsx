import { parseReference } from '@quanbao/domain/indicators/reference';
import { parseScoreReference } from '@quanbao/domain/supervision/paper/assessment';
import { useHere } from '../../shell/here.ts';
import { IndicatorLink } from '../../shell/indicator-link.tsx';
import { Go } from '../../ui/go.tsx';
import type { Block, Paper, Run } from './contract.ts';

/** The paper as it is printed; every number opens what it counts. */
export function PaperSheet({ paper }: { readonly paper: Paper }) {
  const body = paper.blocks.filter(({ type }) => type !== 'form');
  const forms = paper.blocks.flatMap((block) => (block.type === 'form' ? [block] : []));
  return (
    <article className="paper" aria-label={paper.title}>
      {paper.redHead !== '' && <p className="paper-red">{paper.redHead}</p>}
      {paper.number !== '' && (
        <p className={paper.redHead === '' ? 'paper-number' : 'paper-number ruled'}>{paper.number}</p>
      )}
      <h2 className="paper-title">{paper.title}</h2>
      {paper.to !== '' && <p className="paper-to">{paper.to}：</p>}
      {body.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of a paper is its place
        <BlockView key={i} block={block} />
      ))}
      {forms.map(({ title }, i) => (
        <p key={title} className="paper-attached">
          {forms.length === 1 ? '附件：' : `附件${i + 1}：`}
          {title}
        </p>
      ))}
      <div className="paper-signed">
        {paper.offices.map((office) => (
          <p key={office}>{office}</p>
        ))}
        <p className="paper-dated">{paper.dated}</p>
      </div>
      {paper.cc !== '' && <p className="paper-cc">抄送：{paper.cc}。</p>}
      {forms.map((form, i) => (
        <FormView key={form.title} form={form} label={forms.length === 1 ? '附件' : `附件${i + 1}`} />
      ))}
    </article>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.type) {
    case 'heading':
      return <h3>{block.text}</h3>;
    case 'paragraph':
      return (
        <p className={block.by ? 'paper-by-hand' : undefined} title={block.by && `${block.by} 补充`}>
          <Runs runs={block.runs} />
          {block.by && <small className="no-print">（人工补充）</small>}
        </p>
      );
    case 'table':
      return (
        <table className="paper-table">
          <caption>{block.title}</caption>
          <thead>
            <tr>
              {block.head.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row) => (
              <tr key={row[1]?.text}>
                {row.map((run, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                  <td key={i} className={i === 1 ? 'left' : undefined}>
                    <Figure run={run} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'bars':
      return (
        <figure className="paper-bars">
          <figcaption>{block.title}</figcaption>
          {block.bars.map(({ label, value, share }) => (
            <div key={label}>
              <span className="label">{label}</span>
              <span className="track">
                <i style={{ width: `${(share ?? 0) * 100}%` }} />
              </span>
              <Figure run={value} />
            </div>
          ))}
        </figure>
      );
    default:
      return null;
  }
}

function FormView({
  form,
  label,
}: {
  readonly form: Extract<Block, { type: 'form' }>;
  readonly label: string;
}) {
  const sum = form.widths.reduce((a, n) => a + n, 0);
  return (
    <section className="paper-form">
      <p className="paper-form-number">{label}</p>
      <h3 className="paper-form-title">{form.title}</h3>
      <p>{form.meta}</p>
      <table className="paper-table">
        <colgroup>
          {form.widths.map((width, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            <col key={i} style={{ width: `${(width / sum) * 100}%` }} />
          ))}
        </colgroup>
        <thead>
          {Array.from({ length: form.headerRows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row of the heading is its place
            <tr key={row}>
              {form.header
                .filter((cell) => cell.row === row)
                .map((cell) => (
                  <th
                    key={cell.column}
                    rowSpan={cell.rowSpan}
                    colSpan={cell.columnSpan}
                    className={cell.joined ? 'joined' : undefined}
                  >
                    {cell.text}
                  </th>
                ))}
            </tr>
          ))}
          <tr>
            {form.widths.map((_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <td key={i}>{i + 1}</td>
            ))}
          </tr>
        </thead>
        <tbody>
          {form.rows.map((row) => (
            <tr key={row[1]?.map((run) => run.text).join()}>
              {row.map((runs, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                <td key={i} className={i === 1 || i === row.length - 1 ? 'left' : undefined}>
                  <Runs runs={runs} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Runs({ runs }: { readonly runs: readonly Run[] }) {
  return runs.map((run, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a sentence is its place
    <Figure key={i} run={run} />
  ));
}

function Figure({ run }: { readonly run: Run }) {
  const { href } = useHere();
  const score = run.reference === undefined ? undefined : parseScoreReference(run.reference);
  if (score !== undefined) {
    const { assessment, unit } = score;
    const whole = 'grade' in score.of || ('sum' in score.of && score.of.sum === 'units');
    return (
      <Go
        href={href(whole ? `/assessments/${assessment}` : `/assessments/${assessment}/units/${unit}`)}
        className="paper-figure"
        aria-label={`${run.text}：打开这个数字`}
      >
        {run.text}
      </Go>
    );
  }
  const found = run.reference === undefined ? undefined : parseReference(run.reference);
  if (found === undefined || found.what === 'rest') return run.text;
  return (
    <IndicatorLink
      code={found.indicator}
      region={found.region}
      asOf={found.day}
      className="paper-figure"
      label={`${run.text}：打开这个数字`}
    >
      {run.text}
    </IndicatorLink>
  );
}
