/** Pointers of the four-byte codes that cover the Basic Multilingual Plane. */
const BMP_POINTERS = 39_420;
/** Pointer of U+10000: the other planes follow in order. */
const SUPPLEMENTARY = 189_000;

/** By UTF-16 unit: the two- or four-byte code as a number, 0 where there is none. */
let codes: Uint32Array | undefined;

/** Node decodes GB18030 but does not encode it: the decoder is asked once for every code of the plane. */
function table(): Uint32Array {
  if (codes !== undefined) return codes;
  const found = new Uint32Array(0x10000);
  const decoder = new TextDecoder('gb18030');
  const four = Buffer.alloc(4);
  for (let pointer = 0; pointer < BMP_POINTERS; pointer++) {
    writePointer(four, 0, pointer);
    const text = decoder.decode(four);
    if (text.length === 1) found[text.charCodeAt(0)] = four.readUInt32BE(0);
  }
  const two = Buffer.alloc(2);
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      two[0] = lead;
      two[1] = trail;
      const text = decoder.decode(two);
      if (text.length === 1) found[text.charCodeAt(0)] = two.readUInt16BE(0);
    }
  }
  codes = found;
  return found;
}

function writePointer(bytes: Buffer, at: number, pointer: number): void {
  bytes[at] = 0x81 + Math.floor(pointer / 12_600);
  bytes[at + 1] = 0x30 + (Math.floor(pointer / 1260) % 10);
  bytes[at + 2] = 0x81 + (Math.floor(pointer / 10) % 126);
  bytes[at + 3] = 0x30 + (pointer % 10);
}

/** Text as offices' older systems write it. A half surrogate, which no encoding has, becomes `?`. */
export function encodeGb18030(text: string): Buffer {
  const known = table();
  const bytes = Buffer.allocUnsafe(text.length * 4);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[at++] = unit;
      continue;
    }
    const point = text.codePointAt(i) as number;
    if (point > 0xffff) {
      writePointer(bytes, at, SUPPLEMENTARY + point - 0x10000);
      at += 4;
      i++;
      continue;
    }
    const code = known[unit] as number;
    if (code === 0) bytes[at++] = 0x3f;
    else if (code <= 0xffff) {
      bytes.writeUInt16BE(code, at);
      at += 2;
    } else {
      bytes.writeUInt32BE(code, at);
      at += 4;
    }
  }
  return bytes.subarray(0, at);
}
