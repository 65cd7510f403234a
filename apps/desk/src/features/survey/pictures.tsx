import { Button, Modal } from 'antd';
import { useState } from 'react';
import { fillUrl } from '../../api/url.ts';
import type { Column } from '../../ui/data-table.tsx';

/** A visit, or somebody found. */
interface Pictured {
  readonly command: string;
  readonly name: string;
  readonly pictures: number;
}
interface Props {
  readonly of: Pictured;
  readonly route: { readonly url: string };
  readonly onClose: () => void;
}

/** How many pictures a line has; pressed, they open. */
export function picturesColumn<Row extends Pictured>(onOpen: (row: Row) => void): Column<Row> {
  return {
    key: 'pictures',
    title: '图片',
    width: 70,
    cell: (one) =>
      one.pictures > 0 && (
        <Button size="small" aria-label={`${one.name}的图片，${one.pictures} 张`} onClick={() => onOpen(one)}>
          {one.pictures} 张
        </Button>
      ),
  };
}

/** Signature, photographs and scans; each look is recorded. */
export function Pictures({ of, route, onClose }: Props) {
  const numbers = Array.from({ length: of.pictures }, (_, i) => i + 1);
  return (
    <Modal open width={760} title={`${of.name}的走访图片`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">含个人信息，查看已留痕。</p>
      <div className="survey-pictures">
        {numbers.map((no) => (
          <Picture key={no} no={no} address={fillUrl(route.url, { command: of.command, no })} />
        ))}
      </div>
    </Modal>
  );
}

/** A scan that is no picture (PDF), or one still on the phone, is opened by itself and says so. */
function Picture({ no, address }: { readonly no: number; readonly address: string }) {
  const [shown, setShown] = useState(true);
  return (
    <figure>
      {shown && <img src={address} alt={`第 ${no} 张`} onError={() => setShown(false)} />}
      <figcaption>
        <a href={address} target="_blank" rel="noreferrer">
          {shown ? `第 ${no} 张，原大打开` : `第 ${no} 份：扫描件（PDF），或照片还没有传完；打开看`}
        </a>
      </figcaption>
    </figure>
  );
}
