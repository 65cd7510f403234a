import type { Judged } from '@quanbao/domain/ledger/reasons';
import { type AttemptWay, SURVEY_CHOICES, surveyChoice } from '@quanbao/domain/survey/answers';
import { type ReactNode, useRef, useState } from 'react';
import type { Attempt, Command } from '../outbox/outbox.ts';
import { type Draft, draftOf, EMPTY, faultOf, missingOf, reasonOfChoice } from '../survey/answer.ts';
import { photoOf, type Shot, signatureOf } from '../survey/picture.ts';
import { Alert, Page } from '../ui/parts.tsx';
import { Signature } from './signature.tsx';
import { useField, useToday } from './use-field.ts';
import { VillageField } from './village-field.tsx';

// autoComplete off on every field: else the browser's own record of its tabs keeps what was typed, readable.
const SCHEMES = ['城乡居民养老保险', '企业职工养老保险', '机关事业单位养老保险', '没有参保', '不清楚'];
const STATEMENT = '本人已了解城乡居民基本养老保险政策，自愿暂不参保。';

interface Props {
  readonly title: string;
  /** Under the statement that is signed. */
  readonly signer: string;
  /** Somebody on the list; undefined of one who is on none. */
  readonly subject: { readonly person: number; readonly village: string } | undefined;
  /** What was given of a reason at earlier visits. */
  readonly before: Judged | undefined;
  /** What is corrected. */
  readonly earlier: Command | undefined;
  readonly instead: number | undefined;
  readonly phone: string;
  /** What is wrong with the rest of the page. */
  readonly fault?: ((number: string) => string | undefined) | undefined;
  readonly commandOf: (
    draft: Draft,
    given: { readonly number: string; readonly media: readonly string[] },
  ) => Command;
  /** What stands above the answers. */
  readonly children: ReactNode;
}

/** The answer of a visit with its proofs, saved whole or not at all. */
export function VisitForm({
  title,
  signer,
  subject,
  before,
  earlier,
  instead,
  phone,
  fault: faultAbove,
  commandOf,
  children,
}: Props) {
  const { field, view } = useField();
  const [draft, setDraft] = useState<Draft>(earlier === undefined ? EMPTY : draftOf(earlier));
  const [number, setNumber] = useState(phone);
  const [drawn, setDrawn] = useState<HTMLCanvasElement>();
  const [photos, setPhotos] = useState<readonly (Shot & { url: string })[]>([]);
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState(false);
  const [placing, setPlacing] = useState(false);
  const [busy, setBusy] = useState(false);
  const begun = useRef(false);
  // One form is one time at the door: tapped twice, it is one attempt.
  const [openedAt] = useState(() => new Date().toISOString());
  const today = useToday();
  const set = (change: Partial<Draft>): void => setDraft((old) => ({ ...old, ...change }));

  const tried = view.attempts.filter((attempt) => attempt.person === subject?.person);
  const attempts: readonly (Attempt & { readonly key?: number })[] = [...draft.attempts, ...tried];
  const called = attempts.filter(({ way }) => way === '电话').length;
  const kept = earlier?.media?.length ?? 0;
  const whole: Draft = {
    ...draft,
    attempts,
    signed: drawn !== undefined || (kept > 0 && (earlier?.proofs?.includes('statement') ?? false)),
    photos: photos.length + kept,
  };
  const reason = reasonOfChoice(draft.choice);
  const missing = missingOf(whole, today, before);
  // Whoever is not at home may be noted before there is an answer.
  const asksAttempts = draft.choice === '' || (reason?.attempts ?? 0) > 0;
  const fault = faultAbove?.(number) ?? faultOf(whole);
  // Gone as soon as it is put right.
  const said = words !== '' ? words : asked ? fault : undefined;

  const takePhoto = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      const shot = await photoOf(file);
      setPhotos((old) => [...old, { ...shot, url: URL.createObjectURL(new Blob([shot.bytes])) }].slice(0, 4));
    } catch {
      setWords('这张照片打不开，请重拍。');
    }
  };
  const tryBy = async (way: AttemptWay): Promise<void> => {
    const attempt = { at: new Date().toISOString(), way, number: way === '上门' ? '' : number };
    set({ way: way === '上门' ? 'visit' : 'call' });
    if (subject === undefined) return setDraft((old) => ({ ...old, attempts: [...old.attempts, attempt] }));
    try {
      await field.outbox?.tried({ person: subject.person, ...attempt });
      await field.refresh();
    } catch {
      setWords('这次联系没有记上，请检查手机的存储空间后再点一次。');
    }
  };
  const untry = async ({ at, key }: Attempt & { readonly key?: number }): Promise<void> => {
    if (key === undefined) return set({ attempts: draft.attempts.filter((one) => one.at !== at) });
    try {
      await field.outbox?.untried(key);
      await field.refresh();
    } catch {
      setWords('没有删去，请检查手机的存储空间后再点一次。');
    }
  };
  const locate = (): void => {
    setPlacing(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => {
        setPlacing(false);
        set({ location: { latitude, longitude, accuracy } });
      },
      () => {
        setPlacing(false);
        setWords('没有得到位置；不记录位置也可以保存。');
      },
      { timeout: 15_000, maximumAge: 60_000 },
    );
  };
  const save = async (): Promise<void> => {
    setAsked(true);
    if (fault !== undefined) return setWords('');
    // A second tap on the way is the same answer.
    if (begun.current || field.outbox === undefined) return;
    begun.current = true;
    const here = location.hash;
    setBusy(true);
    try {
      const shots: Shot[] = [...photos];
      if (drawn !== undefined) {
        shots.push(await signatureOf(drawn, [STATEMENT, `${signer}  ${today}`]));
      }
      const media = [...new Set([...(earlier?.media ?? []), ...shots.map(({ digest }) => digest)])].slice(-6);
      const { outbox } = field;
      const gone = await field.undisturbed(async () => {
        const old = (await outbox.entries()).find((entry) => entry.number === instead);
        // It was sent while the form was open: what the county has is not changed here.
        if (instead !== undefined && old?.state !== 'waiting' && old?.state !== 'refused') return true;
        await outbox.save({
          command: commandOf(whole, { number, media }),
          missing,
          pictures: shots,
          attempts: tried.map(({ key }) => key),
          instead,
        });
        return false;
      });
      if (gone) {
        begun.current = false;
        setBusy(false);
        return setWords('这条刚刚已经上报，不能在手机上再改；要更正请告诉乡镇。');
      }
      // Whoever has gone on already is not called back.
      if (location.hash === here) history.back();
      await field.saved();
    } catch {
      begun.current = false;
      setBusy(false);
      setWords('没有存上，请检查手机的存储空间后再点一次保存。');
    }
  };

  return (
    <Page title={title}>
      {children}
      {draft.choice === '' ? (
        <div className="choices">
          {SURVEY_CHOICES.map(({ choice, title }) => (
            <button
              key={choice}
              type="button"
              onClick={() => {
                set({ choice, checked: reasonOfChoice(choice)?.fields.includes('checked') ? today : '' });
                scrollTo(0, 0);
              }}
            >
              {title}
            </button>
          ))}
        </div>
      ) : (
        <button type="button" className="chosen-choice" onClick={() => set({ choice: '' })}>
          <strong>{surveyChoice(draft.choice)?.title}</strong>
          <span>改选</span>
        </button>
      )}

      <section className="card">
        <label>
          电话
          <input
            autoComplete="off"
            type="tel"
            inputMode="tel"
            placeholder="填了号码才能打"
            value={number}
            maxLength={20}
            onChange={(event) => {
              setNumber(event.target.value);
              if (draft.phone !== '') set({ phone: event.target.value });
            }}
          />
        </label>
        {/^[\d\s-]{7,}$/.test(number) ? (
          <a
            className="plain-button call"
            href={`tel:${number.replace(/[\s-]/g, '')}`}
            onClick={() => void tryBy('电话')}
          >
            打电话（已打 {called} 次）
          </a>
        ) : (
          <button type="button" className="plain-button" disabled>
            打电话（已打 {called} 次）
          </button>
        )}
        {asksAttempts && (
          <button
            type="button"
            className="plain-button"
            disabled={attempts.some(({ way, at }) => way === '上门' && at >= openedAt)}
            onClick={() => void tryBy('上门')}
          >
            上门未遇（已记 {attempts.length - called} 次）
          </button>
        )}
        {before !== undefined && before.attempts > 0 && before.reason.code === reason?.code && (
          <p className="small">以前走访已记 {before.attempts} 次，一并计算。</p>
        )}
        {attempts.length > 0 && (
          <ul className="attempts">
            {attempts.map((attempt) => (
              <li key={attempt.at}>
                <span>{attemptWords(attempt)}</span>
                <button
                  type="button"
                  className="text-button"
                  aria-label={`删去：${attemptWords(attempt)}`}
                  onClick={() => void untry(attempt)}
                >
                  删去
                </button>
              </li>
            ))}
          </ul>
        )}
        {subject !== undefined && (
          <label className="check-row">
            <input
              autoComplete="off"
              type="checkbox"
              checked={draft.phone !== ''}
              disabled={number === ''}
              onChange={(event) => set({ phone: event.target.checked ? number : '' })}
            />
            <span>这是本人现在的电话（更正）</span>
          </label>
        )}
      </section>

      {draft.choice !== '' && (
        <>
          {reason?.fields.includes('place') && (
            <section className="card">
              <label>
                在哪里务工
                <input
                  autoComplete="off"
                  value={draft.place}
                  maxLength={100}
                  placeholder="如 广东东莞"
                  onChange={(event) => set({ place: event.target.value })}
                />
              </label>
              <fieldset>
                <legend>参加的险种</legend>
                <div className="chips">
                  {SCHEMES.map((scheme) => (
                    <button
                      key={scheme}
                      type="button"
                      aria-pressed={draft.scheme === scheme}
                      onClick={() => set({ scheme })}
                    >
                      {scheme}
                    </button>
                  ))}
                </div>
              </fieldset>
              <label>
                核实时间
                <input
                  autoComplete="off"
                  type="date"
                  value={draft.checked}
                  max={today}
                  onChange={(event) => set({ checked: event.target.value })}
                />
              </label>
            </section>
          )}
          {reason?.fields.includes('text') && (
            <section className="card">
              <label>
                原因说明
                <textarea
                  autoComplete="off"
                  value={draft.text}
                  maxLength={500}
                  rows={3}
                  onChange={(event) => set({ text: event.target.value })}
                />
              </label>
            </section>
          )}
          {reason?.proofs.includes('statement') && (
            <section className="card">
              <h2>意愿书</h2>
              <p className="small">{STATEMENT}</p>
              <Signature onSigned={setDrawn} />
            </section>
          )}
          <section className="card">
            <h2>
              {reason?.proofs.includes('statement')
                ? '拍签名的纸质意愿书'
                : reason?.proofs.includes('document')
                  ? '拍证明材料'
                  : '照片（可不拍）'}
            </h2>
            {kept > 0 && <p className="small">原来的 {kept} 张照片、签名还在。</p>}
            <div className="photos">
              {photos.map(({ digest, url }) => (
                <button
                  key={digest}
                  type="button"
                  aria-label="删去这张照片"
                  onClick={() => setPhotos((old) => old.filter((one) => one.digest !== digest))}
                >
                  <img src={url} alt="" />
                  <span>✕</span>
                </button>
              ))}
              {photos.length < 4 && (
                <label className="plain-button">
                  拍照
                  <input
                    autoComplete="off"
                    type="file"
                    accept="image/*"
                    capture="environment"
                    className="unseen"
                    onChange={(event) => {
                      void takePhoto(event.target.files?.[0]);
                      event.target.value = '';
                    }}
                  />
                </label>
              )}
            </div>
          </section>
          <section className="card">
            <fieldset>
              <legend>{(reason?.attempts ?? 0) > 0 ? '最后一次怎样联系的' : '怎样问到的'}</legend>
              <div className="chips">
                <button
                  type="button"
                  aria-pressed={draft.way === 'visit'}
                  onClick={() => set({ way: 'visit' })}
                >
                  {(reason?.attempts ?? 0) > 0 ? '上门' : '当面'}
                </button>
                <button
                  type="button"
                  aria-pressed={draft.way === 'call'}
                  onClick={() => set({ way: 'call' })}
                >
                  电话
                </button>
              </div>
            </fieldset>
            <label>
              备注
              <textarea
                autoComplete="off"
                value={draft.remark}
                maxLength={500}
                rows={2}
                placeholder={reason?.proofs.includes('record') ? '走访记录：不少于 15 个字可作佐证' : ''}
                onChange={(event) => set({ remark: event.target.value })}
              />
            </label>
            {subject !== undefined && (
              <VillageField
                value={draft.village}
                own={subject.village}
                onChange={(village) => set({ village })}
              />
            )}
            <button
              type="button"
              className="plain-button"
              disabled={placing}
              onClick={() => (draft.location ? set({ location: undefined }) : locate())}
            >
              {placing ? '正在定位…' : draft.location ? '已记录位置，点这里取消' : '记录位置（可不记）'}
            </button>
          </section>
          <div className="foot">
            {said !== undefined && <Alert>{said}</Alert>}
            {missing.length > 0 && <p className="missing">佐证不全：{missing.join('；')}</p>}
            <button
              type="button"
              className={missing.length > 0 ? 'main-button warn' : 'main-button'}
              disabled={busy}
              onClick={() => void save()}
            >
              {busy ? '正在保存…' : missing.length > 0 ? '先这样保存' : '保存'}
            </button>
          </div>
        </>
      )}
    </Page>
  );
}

/** 11月27日 15:20 上门未遇 */
function attemptWords({ at, way, number }: Attempt): string {
  const moment = new Date(at).toLocaleString('zh-CN', {
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${moment} ${way === '上门' ? '上门未遇' : `电话 ${number}`}`;
}
