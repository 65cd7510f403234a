import { type PointerEvent, useEffect, useRef } from 'react';

/** A field to sign in with a finger. @param onSigned gets the drawing, or nothing when it was wiped */
export function Signature({ onSigned }: { onSigned: (drawn: HTMLCanvasElement | undefined) => void }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | undefined>(undefined);
  const drawn = useRef(false);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    canvas.width = canvas.clientWidth * 2;
    canvas.height = canvas.clientHeight * 2;
  }, []);
  const at = (event: PointerEvent<HTMLCanvasElement>): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - box.left) * 2, y: (event.clientY - box.top) * 2 };
  };
  const move = (event: PointerEvent<HTMLCanvasElement>): void => {
    const pen = ref.current?.getContext('2d');
    if (!pen || last.current === undefined) return;
    const to = at(event);
    pen.lineWidth = 5;
    pen.lineCap = 'round';
    pen.strokeStyle = '#101820';
    pen.beginPath();
    pen.moveTo(last.current.x, last.current.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last.current = to;
    drawn.current = true;
  };
  const wipe = (): void => {
    const canvas = ref.current;
    canvas?.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    drawn.current = false;
    onSigned(undefined);
  };
  const end = (): void => {
    last.current = undefined;
    if (drawn.current && ref.current) onSigned(ref.current);
  };
  return (
    <div className="signature">
      <canvas
        ref={ref}
        aria-label="签名处"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = at(event);
        }}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <button type="button" className="text-button" onClick={wipe}>
        重签
      </button>
    </div>
  );
}
