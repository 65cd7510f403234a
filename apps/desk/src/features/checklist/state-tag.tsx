import { type ItemState, STATE_WORDS } from '@quanbao/domain/checklist/life';

const TONE: Readonly<Record<ItemState, string>> = {
  open: '',
  requested: 'conflict',
  returned: 'quality',
  closed: 'in-force',
};

export function StateTag({ state, late }: { readonly state: ItemState; readonly late: boolean }) {
  return (
    <>
      <span className={`tag ${TONE[state]}`}>{STATE_WORDS[state]}</span>
      {late && <span className="tag is-late">逾期</span>}
    </>
  );
}
