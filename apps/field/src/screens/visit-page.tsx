import type { Command } from '../outbox/outbox.ts';
import { commandOf } from '../survey/answer.ts';
import { type Row, sexWord } from '../survey/list.ts';
import { Page } from '../ui/parts.tsx';
import { useField, useRows } from './use-field.ts';
import { VisitForm } from './visit-form.tsx';

export function VisitPage({ person, instead }: { person: number; instead: number | undefined }) {
  const row = useRows().find((one) => one.person === person);
  if (row === undefined) {
    return (
      <Page title="走访">
        <p className="lead">名单里没有这个人了，请更新名单。</p>
      </Page>
    );
  }
  return <Visit row={row} instead={instead} />;
}

function Visit({ row, instead }: { row: Row; instead: number | undefined }) {
  const { view } = useField();
  const refused = view.entries.find(({ number }) => number === instead)?.command;
  const before = view.entries.findLast(({ command }) => command.person === row.person)?.command;
  const known = (command: Command | undefined): string | undefined =>
    command?.found === undefined ? command?.phone : undefined;
  return (
    <VisitForm
      title={row.name}
      signer={`${row.name}（尾号 ${row.last4}）`}
      subject={row}
      before={row.judged}
      earlier={refused}
      instead={instead}
      phone={known(refused) ?? known(before) ?? before?.attempts?.at(-1)?.number ?? ''}
      commandOf={(draft, { media }) => commandOf(draft, row.person, new Date(), media, crypto.randomUUID())}
    >
      <p className="lead">
        {[sexWord(row.sex), `${row.birth.slice(0, 4)}年生`, `尾号 ${row.last4}`, row.verdict]
          .filter((w) => w !== '')
          .join(' · ')}
      </p>
      {row.asked !== undefined && row.asked.words !== '' && <p className="lead again">{row.asked.words}</p>}
      {row.answer !== undefined && refused === undefined && (
        <p className="lead">
          上次答复：{row.answer}
          {row.incomplete && '（佐证不全）'}
        </p>
      )}
    </VisitForm>
  );
}
