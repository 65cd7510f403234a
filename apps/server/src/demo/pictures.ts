import { crc32, deflateSync } from 'node:zlib';
import { Random } from './random.ts';

const WIDTH = 360;
const HEIGHT = 140;
const PAPER = 0xff;
const INK = 0x28;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** Strokes of a pen on paper, as a phone sends a signature: nobody's name. */
export function signature(seed: number): Buffer {
  const random = new Random(seed);
  const row = WIDTH + 1;
  const pixels = Buffer.alloc(row * HEIGHT, PAPER);
  for (let y = 0; y < HEIGHT; y++) pixels[y * row] = 0;
  const dot = (x: number, y: number): void => {
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) {
        const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
        const inside = px >= 0 && px < WIDTH && py >= 0 && py < HEIGHT;
        if (inside && dx * dx + dy * dy <= 4) pixels[py * row + 1 + px] = INK;
      }
  };
  for (let stroke = 0; stroke < 9; stroke++) {
    const left = 30 + Math.floor(stroke / 3) * 105;
    const [x, y] = [left + random.int(0, 50), random.int(25, HEIGHT - 60)];
    const [dx, dy, bend] = [random.int(-30, 60), random.int(-10, 55), random.int(-22, 22)];
    for (let t = 0; t <= 1; t += 0.004) dot(x + dx * t, y + dy * t + bend * Math.sin(Math.PI * t));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head[8] = 8;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
