/** A photograph or a signature as it will be sent, named by its digest. */
export interface Shot {
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly kind: 'photo' | 'signature';
}

const MOST = 400 * 1024;
const SIDE = 1600;

async function shotOf(blob: Blob, kind: Shot['kind']): Promise<Shot> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const digest = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { digest, bytes, kind };
}

/** A photograph small enough to be sent: one that already is stays as the camera made it. */
export async function photoOf(file: File): Promise<Shot> {
  if (file.type === 'image/jpeg' && file.size <= MOST) return shotOf(file, 'photo');
  const image = await createImageBitmap(file);
  let scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  for (;;) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.8, 0.65, 0.5]) {
      const blob = await blobOf(canvas, 'image/jpeg', quality);
      if (blob.size <= MOST) {
        image.close();
        return shotOf(blob, 'photo');
      }
    }
    scale *= 0.7;
  }
}

/** The signature under the sentence that was signed, who and when. */
export async function signatureOf(drawn: HTMLCanvasElement, words: readonly string[]): Promise<Shot> {
  const canvas = document.createElement('canvas');
  canvas.width = 720;
  const top = 24 + words.length * 34;
  const height = Math.round((drawn.height * canvas.width) / drawn.width);
  canvas.height = top + height;
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = '#000';
    pen.font = '24px sans-serif';
    words.forEach((line, i) => {
      pen.fillText(line, 16, 38 + i * 34);
    });
    pen.drawImage(drawn, 0, top, canvas.width, height);
  }
  return shotOf(await blobOf(canvas, 'image/png'), 'signature');
}

function blobOf(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), type, quality);
  });
}
