import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexRegister } from '../features/register/index.ts';
import { bookFile, bookToXlsx, issueBooks } from '../features/survey/index.ts';
import { inventedId } from '../testing/command.ts';
import { textOf } from '../testing/file-text.ts';
import { openTestInstance, scopeOf, type TestInstance } from '../testing/instance.ts';
import { struck } from '../testing/rounds.ts';
import { type Client, openTestService, type TestService } from '../testing/service.ts';
import { COUNTY, fillSmallCounty, PLACES, type SmallPerson } from '../testing/small-county.ts';

/** What goes out in files: nothing that a spreadsheet would run, and from a stolen copy of the database no number. */

const RUN = ['=HYPERLINK("http://x","点")', '+1+cmd|calc', '@SUM(1)', '-2+3'];
const PEOPLE: readonly SmallPerson[] = RUN.map((name, i) => ({
  id: inventedId(500 + i),
  name,
  region: PLACES.village,
  household: `H${i}`,
  phone: `1380011000${i}`,
  address: `=1+${i}号`,
}));

describe.each(struck)('files out of %s', (engine) => {
  let instance: TestInstance;
  let service: TestService;
  let county: Client;
  beforeAll(async () => {
    instance = await openTestInstance(engine, { county: COUNTY });
    // Quoted: the names hold commas.
    await fillSmallCounty(
      instance,
      PEOPLE.map((p) => ({ ...p, name: `"${p.name.replaceAll('"', '""')}"` })),
    );
    await indexRegister(instance, COUNTY);
    service = await openTestService(instance, COUNTY);
    county = await service.as('county');
  });
  afterAll(async () => {
    await service?.close();
    await instance?.close();
  });

  /** Every file with names in it that a route of the contract gives out. */
  const FILES: readonly (readonly [method: 'GET' | 'POST', url: string, body?: object])[] = [
    ['POST', '/api/forms/annex3/xlsx', { region: COUNTY, reason: '核对名单' }],
    ['POST', '/api/people/export', { filter: {}, reason: '核对名单' }],
    ['POST', '/api/findings/export', { filter: { queue: 'conflict' }, reason: '核对名单' }],
    ['POST', '/api/ledger/export', { filter: {}, reason: '核对名单' }],
    ['GET', '/api/deliveries/1/reasons'],
  ];

  it('hold the names as text, never as a formula', async () => {
    for (const [method, url, body] of FILES) {
      const answer = method === 'GET' ? await county.get(url) : await county.send(method, url, body);
      const text = textOf(answer.body);
      expect([url, answer.status, text.includes('HYPERLINK'), /<f[ >]/.test(text)]).toEqual([
        url,
        200,
        true,
        false,
      ]);
    }
    const scope = scopeOf(COUNTY);
    const [book] = await issueBooks(instance, scope, { region: PLACES.village });
    const { head, rows } = await bookFile(instance, scope, book!.issue);
    const pieces: Buffer[] = [];
    for await (const piece of bookToXlsx(head, rows)) pieces.push(Buffer.from(piece));
    const text = textOf(Buffer.concat(pieces));
    expect(text).toContain('HYPERLINK');
    expect(text).not.toMatch(/<f[ >]/);
  });

  it('show no ID or telephone number to whoever copies every table', async () => {
    await instance.db.asOwner(async (tx) => {
      const tables = await tx.query<{ name: string }>(
        `select tablename::text as name from pg_tables where schemaname = 'public'`,
      );
      expect(tables.length).toBeGreaterThan(40);
      for (const { name } of tables) {
        const rows = await tx.query<{ text: string }>(`select t::text as text from ${name} t`);
        const all = rows.map(({ text }) => text).join('\n');
        for (const { id, phone } of PEOPLE) {
          for (const secret of [id, id.slice(0, 17), phone])
            for (const form of [
              secret,
              Buffer.from(secret).toString('hex'),
              Buffer.from(secret).toString('base64'),
            ])
              expect([name, all.includes(form)]).toEqual([name, false]);
        }
      }
    });
  });
});
