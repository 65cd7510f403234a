import type { SourceDefinition } from '@quanbao/domain/sources/catalogue';
import { Alert, Select } from 'antd';
import type { SeenTable } from './contract.ts';
import { choose, readAs } from './parts.ts';

interface Props {
  readonly table: SeenTable;
  readonly source: SourceDefinition;
  /** Corrections of earlier deliveries, which are made by themselves. */
  readonly remembered: Readonly<Record<string, string>>;
  readonly choices: Readonly<Record<string, string>>;
  readonly onChange: (choices: Record<string, string>) => void;
}

/** Every heading of a sheet, what is under it, and what it is taken for. */
export function ColumnChoices({ table, source, remembered, choices, onChange }: Props) {
  const read = readAs(table, source, { ...remembered, ...choices });
  const name = table.sheet === '' ? table.file : `${table.file} · ${table.sheet}`;
  return (
    <details className="columns" open={read.missing.length > 0 || table.sample.length > 0}>
      <summary>
        {name}：表头在第 {table.headerRow} 行，{read.columns.filter((c) => c.key !== '').length}/
        {read.columns.length} 列要用
      </summary>
      {read.missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={`没有找到必需的列：${read.missing.join('、')}。请在下面指出是哪一列；这张表里没有的，请让报送单位补上。`}
        />
      )}
      <div className="table-box">
        <table className="data" aria-label={`${name} 的列`}>
          <colgroup>
            <col style={{ width: 200 }} />
            <col style={{ width: 220 }} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">文件里的表头</th>
              <th scope="col">当作</th>
              <th scope="col">样例</th>
            </tr>
          </thead>
          <tbody>
            {read.columns.map(({ header, key, samples }) => (
              <tr key={header} className={key === '' ? 'unused' : undefined}>
                <th scope="row">{header}</th>
                <td>
                  <Select
                    size="small"
                    aria-label={`“${header}”当作`}
                    value={key}
                    showSearch
                    optionFilterProp="label"
                    className="wide"
                    options={[
                      { value: '', label: '不用' },
                      ...source.columns.map((column) => ({
                        value: column.key,
                        label: column.required ? `${column.title}（必需）` : column.title,
                      })),
                    ]}
                    onChange={(value: string) => onChange(choose(choices, read, header, value))}
                  />
                </td>
                <td className="samples">{samples.join(' · ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
