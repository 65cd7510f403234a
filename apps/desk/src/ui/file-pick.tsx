import { Button } from 'antd';
import { useRef } from 'react';
import { fileSize } from './format.ts';

interface Props {
  readonly id?: string;
  readonly label: string;
  readonly accept?: string;
  readonly file: File | undefined;
  readonly onPick: (file: File | undefined) => void;
}

/** One file, in the desk's own words: a browser's button speaks the browser's language. */
export function FilePick({ id, label, accept, file, onPick }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="file-pick">
      <Button id={id} onClick={() => input.current?.click()}>
        {file ? '换一个文件' : '选择文件'}
      </Button>
      <span>{file ? `${file.name}（${fileSize(file.size)}）` : <span className="muted">还没有选</span>}</span>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={(event) => onPick(event.target.files?.[0])}
      />
    </div>
  );
}
