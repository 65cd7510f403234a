import { Cell } from './cell.tsx';
import type { Form } from './contract.ts';

/** The rows of a counted form, 合计 last. */
export function FormBody({ form, preview = false }: { readonly form: Form; readonly preview?: boolean }) {
  const { columns } = form.layout;
  const leaf = form.rows.every((row) => row.code.length >= 12 || row.code === form.region.code);
  return (
    <tbody>
      {form.rows.map((line) => (
        <tr key={line.code + line.name}>
          {columns.map((column, index) => (
            <Cell
              key={column.number}
              column={column}
              line={line}
              index={index}
              leaf={leaf}
              {...(preview ? {} : { opens: form.form })}
            />
          ))}
        </tr>
      ))}
      <tr className="total">
        {columns.map((column, index) => (
          <Cell key={column.number} column={column} line={form.total} index={index} leaf={leaf} />
        ))}
      </tr>
    </tbody>
  );
}
