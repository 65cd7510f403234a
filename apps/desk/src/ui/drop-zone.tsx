import { type DragEvent, type ReactNode, useRef, useState } from 'react';

interface Props {
  /** For readers of the screen: the zone, and the field behind its button. */
  readonly label: string;
  readonly inputLabel: string;
  readonly className: string;
  readonly accept: string;
  readonly onFiles: (files: readonly File[]) => Promise<void>;
  /** What stands in it; `choose` opens the browser's own dialog. */
  readonly children: (choose: () => void) => ReactNode;
}

/** A place where files are dropped or chosen, one or many; the same file may come again. */
export function DropZone({ label, inputLabel, className, accept, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: readonly File[]): void => {
    if (files.length === 0) return;
    void onFiles(files).finally(() => {
      if (input.current) input.current.value = '';
    });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return (
    <section
      className={over ? `${className} over` : className}
      aria-label={label}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children(() => input.current?.click())}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        aria-label={inputLabel}
        onChange={(event) => take([...(event.target.files ?? [])])}
      />
    </section>
  );
}
