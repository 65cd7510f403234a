import { visitPicture } from '@quanbao/contract/survey';
import { Modal } from 'antd';
import { useState } from 'react';
import { fillUrl } from '../../api/url.ts';

interface Props {
  readonly visit: { readonly command: string; readonly name: string; readonly pictures: number };
  readonly onClose: () => void;
}

/** Signature, photographs and scans of a visit; each look is recorded. */
export function VisitPictures({ visit, onClose }: Props) {
  const numbers = Array.from({ length: visit.pictures }, (_, i) => i + 1);
  return (
    <Modal
      open
      width={760}
      title={`${visit.name}的走访图片`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="muted">含个人信息，查看已留痕。</p>
      <div className="survey-pictures">
        {numbers.map((no) => (
          <Picture key={no} command={visit.command} no={no} />
        ))}
      </div>
    </Modal>
  );
}

/** A scan that is no picture (PDF), or one still on the phone, is opened by itself and says so. */
function Picture({ command, no }: { readonly command: string; readonly no: number }) {
  const [shown, setShown] = useState(true);
  const address = fillUrl(visitPicture.url, { command, no });
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
