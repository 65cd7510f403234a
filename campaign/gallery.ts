import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { FormTable } from '@quanbao/domain/reports/forms';
import type { Paper } from '@quanbao/domain/supervision/paper/paper';
import { tableOnScreen, toXlsx } from '../apps/server/src/features/reports/index.ts';
import { chinese } from './clock.ts';
import { formHtml, inHtml, type PlainTable, page, paperHtml, plainTable } from './html.ts';

export interface Piece {
  readonly kind: 'form' | 'paper' | 'picture' | 'chart' | 'file';
  readonly title: string;
  readonly href: string;
  /** The same for a printer or another program. */
  readonly also?: { readonly title: string; readonly href: string };
}

const PLACE = 'gallery';

/** What the campaign leaves to look at: forms, bulletins, pictures by day, in a directory of its own. */
export class Gallery {
  readonly #root: string;
  readonly #days = new Map<PlainDate, Piece[]>();

  /** @param root holds index.html afterwards */
  constructor(root: string) {
    this.#root = root;
    rmSync(join(root, PLACE), { recursive: true, force: true });
    mkdirSync(join(root, PLACE), { recursive: true });
  }

  of(day: PlainDate): readonly Piece[] {
    return this.#days.get(day) ?? [];
  }

  async form(day: PlainDate, table: FormTable, title: string): Promise<void> {
    const onScreen = tableOnScreen(table, table.region.name);
    const href = this.#write(
      day,
      `${title}.html`,
      page(title, formHtml(onScreen), '../../index.html', 'wide'),
    );
    const also = { title: 'xlsx', href: this.#write(day, `${title}.xlsx`, await toXlsx(table)) };
    this.#add(day, { kind: 'form', title, href, also });
  }

  table(day: PlainDate, title: string, table: PlainTable): void {
    const href = this.#write(
      day,
      `${title}.html`,
      page(title, plainTable(table), '../../index.html', 'wide'),
    );
    this.#add(day, { kind: 'form', title, href });
  }

  paper(day: PlainDate, paper: Paper, docx: Uint8Array): void {
    const title = paper.title.replaceAll('\n', '');
    const name = `${title.slice(0, 40)}${paper.day}`;
    const href = this.#write(day, `${name}.html`, page(title, paperHtml(paper), '../../index.html', 'sheet'));
    const also = { title: 'Word', href: this.#write(day, `${name}.docx`, docx) };
    this.#add(day, {
      kind: 'paper',
      title: `${title}${paper.number === '' ? '' : `（${paper.number}）`}`,
      href,
      also,
    });
  }

  picture(day: PlainDate, title: string, png: Uint8Array): void {
    this.#add(day, { kind: 'picture', title, href: this.#write(day, `${title}.png`, png) });
  }

  file(day: PlainDate, title: string, name: string, bytes: Uint8Array): void {
    this.#add(day, { kind: 'file', title, href: this.#write(day, name, bytes) });
  }

  /** A page beside index.html. */
  top(name: string, title: string, body: string): void {
    writeFileSync(
      join(this.#root, name),
      page(title, body, name === 'index.html' ? undefined : 'index.html', 'index'),
    );
  }

  #add(day: PlainDate, piece: Piece): void {
    this.#days.set(day, [...this.of(day), piece]);
  }

  #write(day: PlainDate, name: string, content: string | Uint8Array): string {
    mkdirSync(join(this.#root, PLACE, day), { recursive: true });
    const file = name.replace(/[/\\:*?"<>|\s]+/g, '_');
    writeFileSync(join(this.#root, PLACE, day, file), content);
    return `${PLACE}/${day}/${encodeURIComponent(file)}`;
  }
}

/** What an evening looks at: its own day, everything that is stored, or all of it from the offices' files on. */
export type Depth = 'day' | 'stored' | 'originals';

export interface DayLine {
  readonly day: PlainDate;
  readonly said: readonly string[];
  readonly figures: readonly (readonly [name: string, value: string])[];
  readonly depth: Depth;
}

const MONTHS: Readonly<Record<string, string>> = {
  '08': '八月　摸底部署、入户核实',
  '09': '九月　集中攻坚、专项督查',
  '10': '十月　查漏补缺、考核验收',
};
const HELD: Readonly<Record<Depth, string>> = {
  day: '当日核对相符',
  stored: '全面核对相符',
  originals: '全面核对相符（含按原件重读）',
};
const WEEKDAYS = '日一二三四五六';

/** Every day with what happened, what it left and where the county stood in the evening. */
export function indexBody(
  gallery: Gallery,
  days: readonly DayLine[],
  head: string,
  broken: string | undefined,
): string {
  const months = [...new Set(days.map(({ day }) => day.slice(5, 7)))];
  const stop = broken === undefined ? '' : `<p class="broken">运行中止：${inHtml(broken)}</p>`;
  const nav = months.map((m) => `<a href="#m${m}">${MONTHS[m]?.slice(0, 2)}</a>`).join('');
  return `${head}${stop}<nav class="months">${nav}<a href="figures.html">数据与用时</a></nav>${months
    .map(
      (m) =>
        `<h2 id="m${m}">${MONTHS[m]}</h2>${days
          .filter(({ day }) => day.slice(5, 7) === m)
          .map((line) => dayHtml(gallery, line))
          .join('')}`,
    )
    .join('')}`;
}

/** More lines than this stand in two columns. */
const MANY = 8;

function dayHtml(gallery: Gallery, { day, said, figures, depth }: DayLine): string {
  const pieces = gallery.of(day);
  const links = pieces
    .filter(({ kind }) => kind !== 'picture')
    .map(
      ({ kind, title, href, also }) =>
        `<li class="of-${kind}"><a href="${href}">${inHtml(title)}</a>${
          also === undefined ? '' : `　<a class="also" href="${also.href}">${also.title}</a>`
        }</li>`,
    )
    .join('');
  const pictures = pieces
    .filter(({ kind }) => kind === 'picture')
    .map(
      ({ title, href }) =>
        `<a class="shot" href="${href}"><img loading="lazy" alt="${inHtml(title)}" src="${href}"><span>${inHtml(title)}</span></a>`,
    )
    .join('');
  const numbers = figures.map(([name, value]) => `<span>${name} <b>${value}</b></span>`).join('');
  const week = WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
  return `<section class="day" id="d${day}"><header><h3>${chinese(day)}</h3><span>星期${week}</span></header><div>
${said.length === 0 ? '' : `<ul class="said${said.length > MANY ? ' many' : ''}">${said.map((line) => `<li>${inHtml(line)}</li>`).join('')}</ul>`}
${links === '' ? '' : `<ul class="pieces">${links}</ul>`}${pictures === '' ? '' : `<div class="shots">${pictures}</div>`}
<p class="numbers">${numbers}<span class="held">${HELD[depth]}</span></p></div></section>`;
}
