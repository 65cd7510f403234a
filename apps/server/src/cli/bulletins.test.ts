import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference } from '@quanbao/domain/indicators/reference';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, type Place, registerCsv, runHere } from '../testing/command.ts';
import { docxParagraphs } from '../testing/docx-text.ts';
import { engines } from '../testing/instance.ts';

describe('bulletin without an instance', () => {
  it.each([
    [['bulletin'], 2, '缺少参数'],
    [['bulletin', 'daily'], 2, 'weekly、monthly'],
    [['bulletin', 'weekly', '--out', 'x.pdf'], 2, '.docx'],
    [['bulletin', 'weekly', '--dated', '2020-09-01'], 2, '--issue'],
    [['bulletin', 'weekly'], 3, 'quanbao init'],
  ])('%j ends with %d and says %s', async (args, code, says) => {
    const done = await runHere([...args, '--json'], '/nowhere/data');
    expect([done.code, done.err.includes(says)]).toEqual([code, true]);
  });
});

// A command on PGlite costs seconds: where PostgreSQL is here, this runs on it.
describe.each(engines.slice(-1))('bulletin on %s', (engine) => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(engine, { county: '430981' });
    const register = place.file('户籍.csv', registerCsv(0, 12));
    const list = ['--source', 'household-register', '--as-of', '2020-08-31'];
    expect((await place.here(['import', register, ...list])).code).toBe(0);
  });
  afterAll(() => place?.drop());

  it('issues a weekly report as docx, with each number and where it comes from, the same as annex5', async () => {
    const out = join(place.dir, '..', '周报.docx');
    const done = await place.here([
      'bulletin',
      'weekly',
      '--date',
      '2020-08-31',
      '--out',
      out,
      '--issue',
      '--json',
    ]);
    expect([done.code, done.err]).toEqual([0, expect.not.stringContaining('程序出错')]);
    const paper = done.json();
    expect(paper).toMatchObject({
      paper: 1,
      number: '〔2020〕第1期',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(paper.numbers.length).toBeGreaterThan(5);
    for (const { reference } of paper.numbers) expect(parseReference(reference)).toBeDefined();
    const report = (await place.here(['report', 'annex5', '--as-of', '2020-08-31', '--json'])).json();
    const of = (reference: string) =>
      paper.numbers.find((one: { reference: string }) => one.reference === reference)?.text;
    expect(of('in-scope@430981@2020-08-31')).toBe(String(report.total['3']));
    expect(docxParagraphs(readFileSync(out)).join('\n')).toContain(
      `应覆盖${of('in-scope@430981@2020-08-31')}人`,
    );
    const again = await place.here(['bulletin', 'weekly', '--date', '2020-08-31', '--issue', '--json']);
    expect([again.code, again.json().problem.code]).toEqual([3, 'paper.there']);
    const early = await place.here(['bulletin', 'weekly', '--date', '2020-08-01', '--json']);
    expect([early.code, early.json().problem.code]).toEqual([3, 'report.too-early']);
  });

  it.each([
    ['monthly', '8月份沅江市城乡居民基本养老保险全覆盖专项行动进展情况的通报'],
    ['acceptance', '2020年沅江市城乡居民基本养老保险全覆盖专项行动验收情况的通报'],
    ['report', '沅江市城乡居民基本养老保险全覆盖工作情况的报告'],
    ['quarterly', '沅江市2020年第三季度城乡居民基本养老保险参保扩面分析'],
  ])('writes %s by one command', async (kind, title) => {
    const out = join(place.dir, '..', `${kind}.docx`);
    const done = await place.here(['bulletin', kind, '--date', '2020-08-31', '--out', out]);
    expect([done.code, done.err]).toEqual([0, expect.not.stringContaining('程序出错')]);
    const text = docxParagraphs(readFileSync(out)).join('\n');
    expect(text).toContain(title);
    // Nothing is assessed yet, and no money is received: both are said, neither is a number.
    expect(text.includes('待评')).toBe(kind === 'acceptance');
    expect(text.includes('待接入')).toBe(kind === 'quarterly');
  });

  it('issues no acceptance without a frozen assessment', async () => {
    const refused = await place.here(['bulletin', 'acceptance', '--date', '2020-08-31', '--issue', '--json']);
    expect([refused.code, refused.json().problem.code]).toEqual([3, 'paper.assessment']);
  });
});
