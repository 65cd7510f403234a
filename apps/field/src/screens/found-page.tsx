import { FOUND_RELATIONS } from '@quanbao/domain/survey/found';
import { useState } from 'react';
import { STORAGE_WORDS } from '../app/field.ts';
import type { StrangerCommand } from '../outbox/outbox.ts';
import {
  type FoundDraft,
  foundCommandOf,
  foundDraftOf,
  foundFault,
  NOBODY,
  strangersOf,
} from '../survey/found.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { useField, useToday } from './use-field.ts';
import { VisitForm } from './visit-form.tsx';

/** Somebody at a door who is on no list of the village. @param instead the entry that is corrected */
export function FoundPage({ instead }: { instead: number | undefined }) {
  const { view } = useField();
  const entry = strangersOf(view.entries).find(({ number }) => number === instead);
  if (instead !== undefined && (entry === undefined || entry.state === 'done')) {
    return (
      <Page title="新发现人员">
        <p className="lead">这条已经上报，不能在手机上再改；要更正请告诉乡镇。</p>
      </Page>
    );
  }
  return <Found instead={instead} earlier={entry?.command} />;
}

function Found({ instead, earlier }: { instead: number | undefined; earlier: StrangerCommand | undefined }) {
  const { field, view } = useField();
  const villages = view.packs.map(({ village }) => village);
  const [draft, setDraft] = useState<FoundDraft>(
    earlier
      ? foundDraftOf(earlier)
      : { ...NOBODY, village: villages.length === 1 ? (villages[0]?.code ?? '') : '' },
  );
  const [dropping, setDropping] = useState(false);
  const [words, setWords] = useState('');
  const set = (change: Partial<FoundDraft>): void => setDraft((old) => ({ ...old, ...change }));
  const today = useToday();
  const withdraw = async (): Promise<void> => {
    try {
      await drop();
    } catch {
      return setWords(STORAGE_WORDS);
    }
    history.back();
    await field.refresh();
  };
  const drop = (): Promise<void> =>
    field.undisturbed(async () => {
      const now = (await field.outbox?.entries())?.find(({ number }) => number === instead);
      if (now?.state === 'waiting' || now?.state === 'refused') await field.outbox?.drop(now.number);
    });
  return (
    <VisitForm
      title="新发现人员"
      signer={`${draft.name}（${draft.unknown ? '证件号不详' : `尾号 ${draft.id.trim().slice(-4)}`}）`}
      subject={undefined}
      before={undefined}
      earlier={earlier}
      instead={instead}
      phone={earlier?.found.phone ?? ''}
      fault={(number) => foundFault(draft, number, today)}
      commandOf={(answer, { number, media }) =>
        foundCommandOf(
          answer,
          { draft, phone: number, today },
          { at: new Date(), media, command: crypto.randomUUID() },
          earlier,
        )
      }
    >
      <p className="lead">
        住在本村、名单上没有的人。先查一查名单，确实没有再登记；别村名单上有的，上报后会告诉您。
      </p>
      <section className="card">
        <label>
          姓名
          <input
            autoComplete="off"
            value={draft.name}
            maxLength={50}
            onChange={(event) => set({ name: event.target.value })}
          />
        </label>
        {!draft.unknown && (
          <label>
            身份证号码
            <input
              autoComplete="off"
              value={draft.id}
              maxLength={30}
              placeholder="18 位；老证 15 位也可以"
              onChange={(event) => set({ id: event.target.value })}
            />
          </label>
        )}
        <label className="check-row">
          <input
            autoComplete="off"
            type="checkbox"
            checked={draft.unknown}
            onChange={(event) => set({ unknown: event.target.checked })}
          />
          <span>证件号不详</span>
        </label>
        {draft.unknown && (
          <>
            <label>
              出生年月
              <input
                autoComplete="off"
                inputMode="numeric"
                value={draft.birth}
                maxLength={7}
                placeholder="如 1965-03"
                onChange={(event) => set({ birth: monthOf(event.target.value) })}
              />
            </label>
            <Chips
              legend="性别"
              options={[
                { value: 'male', title: '男' },
                { value: 'female', title: '女' },
              ]}
              value={draft.sex}
              onChange={(sex) => set({ sex: sex as FoundDraft['sex'] })}
            />
          </>
        )}
        {villages.length > 1 && (
          <Chips
            legend="在哪个村（社区）"
            options={villages.map(({ code, name }) => ({ value: code, title: name }))}
            value={draft.village}
            onChange={(village) => set({ village })}
          />
        )}
        <label>
          住址
          <input
            autoComplete="off"
            value={draft.address}
            maxLength={200}
            placeholder="如 3组12号"
            onChange={(event) => set({ address: event.target.value })}
          />
        </label>
        <Chips
          legend="与户主的关系"
          options={FOUND_RELATIONS.map((title) => ({ value: title, title }))}
          value={draft.relation}
          onChange={(relation) => set({ relation })}
        />
      </section>
      {instead !== undefined &&
        (dropping ? (
          <>
            {words !== '' && <Alert>{words}</Alert>}
            <button type="button" className="danger-button" onClick={() => void withdraw()}>
              确定撤回，不上报
            </button>
          </>
        ) : (
          <button type="button" className="plain-button" onClick={() => setDropping(true)}>
            撤回这条
          </button>
        ))}
    </VisitForm>
  );
}

/** 196503 and 1965.3 as 1965-03 while they are typed. */
function monthOf(text: string): string {
  const digits = /^(\d{4})[^\d]?(\d{2})$/.exec(text.trim());
  return digits === null ? text.trim() : `${digits[1]}-${digits[2]}`;
}

function Chips({
  legend,
  options,
  value,
  onChange,
}: {
  legend: string;
  options: readonly { readonly value: string; readonly title: string }[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="chips">
        {options.map((one) => (
          <button
            key={one.value}
            type="button"
            aria-pressed={value === one.value}
            onClick={() => onChange(one.value)}
          >
            {one.title}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
