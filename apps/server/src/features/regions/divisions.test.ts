import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDivisions, SHIPPED_COUNTIES } from './index.ts';

const HEAD = 'code,name,level,parent,from,to,successor,aliases\n430302,ab,county,,,,,\n';
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'divisions-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function read(content: string | Buffer) {
  const path = join(dir, 'divisions.csv');
  await writeFile(path, content);
  return readDivisions('430302', path);
}

it.each(Object.keys(SHIPPED_COUNTIES))('ships %s', async (county) => {
  expect((await readDivisions(county)).some((row) => row.level === 'village')).toBe(true);
});

it('reads another county from UTF-8 and from GB18030', async () => {
  const line = (name: Buffer) =>
    Buffer.concat([Buffer.from(`${HEAD}430302001,`), name, Buffer.from(',town,430302,,,,\n')]);
  const gb = Buffer.from([0xd3, 0xea, 0xba, 0xfe]);
  for (const name of [Buffer.from('雨湖'), gb]) expect((await read(line(name)))[1]?.name).toBe('雨湖');
});

it.each([
  ['code,name\n', '缺少列'],
  [
    `${HEAD}430302001,雨湖路街道,town,430302,,,,\n430981,沅江市,county,,,,,\n`,
    '沅江市（430981）不属于 430302',
  ],
  [HEAD, '没有一个乡镇'],
  ['code,name,level,parent,from,to,successor,aliases\n430981,沅江市,county,,,,,\n', '没有 430302 这一行'],
])('refuses %j', async (csv, words) => {
  await expect(read(csv)).rejects.toThrow(words);
});

it('says what to do without a file', async () => {
  await expect(readDivisions('430302')).rejects.toThrow('--divisions');
  await expect(readDivisions('430302', join(dir, 'none.csv'))).rejects.toThrow('读不到');
});
