import { attached } from '@quanbao/contract/assessment';
import { Button } from 'antd';
import { download } from '../../api/call.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { UnitView } from './contract.ts';

const GIVEN: Readonly<Record<string, string>> = { fact: '登记依据', self: '自查材料', appeal: '申诉材料' };

export function Files({
  assessment,
  files,
}: {
  readonly assessment: number;
  readonly files: UnitView['files'];
}) {
  const { failure, run } = useAct();
  if (files.length === 0) return null;
  return (
    <>
      {files.map(({ file, name, given }) => (
        <Button
          key={file}
          type="link"
          size="small"
          onClick={() => void run(() => download(attached, { params: { assessment, file } }))}
        >
          {GIVEN[given]}：{name}
        </Button>
      ))}
      {failure !== undefined && <Failure error={failure} />}
    </>
  );
}
