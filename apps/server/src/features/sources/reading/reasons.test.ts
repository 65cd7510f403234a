import { readFileSync } from 'node:fs';
import { readXlsx } from 'hucre';
import { describe, expect, it } from 'vitest';
import { makeXls, makeXlsx, personId, readList, save } from './handmade.ts';
import { writeReasons } from './index.ts';

const a = personId(11);

describe('the sender’s file back', () => {
  const rows = [
    ['2026年10月名单'],
    ['姓名', '身份证号码', '死亡日期'],
    ['甲', a, '<c><v>20200102</v></c>'],
    ['乙', a.slice(0, 17), ''],
    ['丙', '', ''],
  ];

  it('has every row as text and the reason behind the last column', async () => {
    const file = { name: '名单.xlsx', path: save(makeXlsx(rows)) };
    const { rejected } = await readList('deaths', [readFileSync(file.path)]);
    const out = save('');
    await writeReasons([file], rejected, out);
    const book = await readXlsx(readFileSync(out), { readStyles: true });
    const [sheet] = book.sheets;
    expect(sheet?.name).toBe('Sheet1');
    expect(sheet?.rows[1]?.slice(0, 4)).toEqual(['姓名', '身份证号码', '死亡日期', '拒收原因']);
    expect(sheet?.rows[2]?.slice(0, 3)).toEqual(['甲', a, '20200102']);
    expect(sheet?.rows[2]?.[3] ?? null).toBeNull();
    expect(sheet?.rows[3]?.[3]).toMatch(/^身份证号码：身份证号码位数不对/);
    expect(sheet?.rows[4]?.[3]).toMatch(/为空/);
    expect(sheet?.cells?.get('3,1')?.style?.numFmt).toBe('@');
    expect(sheet?.cells?.get('3,1')?.style?.fill).toBeTruthy();
    expect(sheet?.cells?.get('2,1')?.style?.fill).toBeFalsy();
  });

  it('can be sent in again: the reason is an unknown column, the numbers are intact', async () => {
    const first = await readList('deaths', [makeXlsx(rows)]);
    const out = save('');
    await writeReasons([{ name: 'a.xlsx', path: save(makeXlsx(rows)) }], first.rejected, out);
    const second = await readList('deaths', [readFileSync(out)]);
    expect(second.rows.map((r) => [r.id, r.row])).toEqual(first.rows.map((r) => [r.id, r.row]));
    expect(second.rejected.map((r) => [r.code, r.row])).toEqual(first.rejected.map((r) => [r.code, r.row]));
    expect(second.summary.files[0]?.unknown).toEqual(['拒收原因']);
  });

  it('several files become several sheets', async () => {
    const files = [
      { name: '一.csv', path: save(`姓名,身份证号码\n甲,${a}\n乙,1\n`) },
      {
        name: '二.xls',
        path: save(
          makeXls([
            ['姓名', '身份证号码'],
            ['丙', '2'],
          ]),
        ),
      },
    ];
    const { rejected } = await readList(
      'dishonest',
      files.map((f) => ({ name: f.name, content: readFileSync(f.path) })),
    );
    const out = save('');
    await writeReasons(files, rejected, out);
    const book = await readXlsx(readFileSync(out));
    expect(book.sheets.map((s) => s.name)).toEqual(['1-一', '2-名单']);
    expect(book.sheets.map((s) => s.rows.map((r) => r?.[2] ?? '').filter((t) => t !== '').length)).toEqual([
      2, 2,
    ]);
  });

  it('of a very long list only the header and the refused rows', async () => {
    const lines = Array.from({ length: 200_001 }, (_, i) => `甲${i},${i % 50_000 === 7 ? 'x' : personId(i)}`);
    const file = { name: '长.csv', path: save(`姓名,身份证号码\n${lines.join('\n')}\n`) };
    const { rejected } = await readList('dishonest', [readFileSync(file.path)]);
    const out = save('');
    await writeReasons([file], rejected, out);
    const rowsBack = (await readXlsx(readFileSync(out))).sheets[0]?.rows.map((r) => r?.[0]);
    expect(rowsBack).toEqual(['姓名', '甲7', '甲50007', '甲100007', '甲150007', '甲200007'].slice(0, 5));
  });
});
