import { Button } from 'antd';

export interface SaidBy {
  readonly from: string | null;
  readonly document: string;
}

interface Props {
  readonly id: string;
  readonly title: string;
  readonly said: SaidBy;
  /** Undefined for whoever may not write. */
  readonly add: { readonly words: string; readonly onAdd: () => void; readonly full?: boolean } | undefined;
}

/** The head of one part of the rules: since when and by which document it holds, and a further line. */
export function RulesHead({ id, title, said: { from, document }, add }: Props) {
  return (
    <div className="page-head">
      <h2 id={id}>{title}</h2>
      <span className="muted">{from === null ? document : `自 ${from} 起，依据：${document}`}</span>
      {add && (
        <div className="page-tools no-print">
          <Button size="small" disabled={add.full} onClick={add.onAdd}>
            {add.words}
          </Button>
        </div>
      )}
    </div>
  );
}
