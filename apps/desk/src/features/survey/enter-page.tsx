import { person as personRoute } from '@quanbao/contract/register';
import { enterScannedVisit, enterVisit } from '@quanbao/contract/survey';
import { reasonOf } from '@quanbao/domain/ledger/reasons';
import { SURVEY_CHOICES, surveyChoice } from '@quanbao/domain/survey/answers';
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { call, sendForm } from '../../api/call.ts';
import { refreshAll, useRead } from '../../api/queries.ts';
import { refreshSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { FilePick } from '../../ui/file-pick.tsx';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { useSurveyDay } from './survey-day.ts';
import './management.css';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';

interface Fields {
  readonly answer: string;
  readonly day: Dayjs;
  readonly way: 'visit' | 'call';
  readonly place?: string;
  readonly scheme?: string;
  readonly checked?: Dayjs | null;
  readonly text?: string;
  readonly remark?: string;
}

/** An answer that came on paper or by telephone: the same as one from a phone, with the scanned paper. */
export default function EnterPage() {
  const { query, asOf } = useHere();
  const person = Number(query.person);
  const today = useSurveyDay();
  const { data, error, refetch } = useRead(
    personRoute,
    { params: { person }, query: { asOf } },
    { enabled: Number.isInteger(person) && asOf !== undefined },
  );
  if (!Number.isInteger(person) || asOf === undefined) {
    return (
      <div className="page">
        <div className="page-head">
          <h1>登记走访答复</h1>
        </div>
        <Nothing title="请先打开一个人">
          <p>在人员页、台账里点“登记走访答复”；也可以在左上角按姓名、号码查找。</p>
        </Nothing>
      </div>
    );
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data || data.line.person !== person || today === undefined) return <Loading />;
  return <Enter person={data.line} today={today} />;
}

interface Props {
  readonly person: {
    readonly person: number;
    readonly name: string;
    readonly id: string;
    readonly region: { readonly path: string };
  };
  readonly today: string;
}

function Enter({ person, today }: Props) {
  const { query, go, href } = useHere();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [command, setCommand] = useState(() => crypto.randomUUID());
  const [form] = Form.useForm<Fields>();
  const answer = Form.useWatch('answer', form) ?? 'refuses';
  const { busy, failure, run } = useAct();
  const reason = reasonOf(surveyChoice(answer)?.reason ?? '');
  const paper = reason?.proofs.includes('statement') ? 'statement' : 'document';
  /** The same sent again counts once; what was changed after a failure is another answer. */
  const changed = (): void => {
    if (failure !== undefined) setCommand(crypto.randomUUID());
  };
  const send = async (values: Fields): Promise<void> => {
    const visit = {
      command,
      person: person.person,
      day: values.day.format('YYYY-MM-DD'),
      way: values.way,
      answer: values.answer,
      reason: {
        ...(values.text?.trim() ? { text: values.text.trim() } : {}),
        ...(values.place?.trim() ? { place: values.place.trim() } : {}),
        ...(values.scheme?.trim() ? { scheme: values.scheme.trim() } : {}),
        ...(values.checked ? { checked: values.checked.format('YYYY-MM-DD') } : {}),
      },
      ...(file ? { proof: paper } : {}),
      ...(values.remark?.trim() ? { remark: values.remark.trim() } : {}),
    };
    const done = await run(async () => {
      if (file === undefined) await call(enterVisit, { body: visit });
      else {
        const sent = new FormData();
        sent.append('visit', JSON.stringify(visit));
        sent.append('document', file, file.name);
        await sendForm(enterScannedVisit, sent);
      }
      message.success('已登记，台账已按答复变动。');
    });
    if (!done) return;
    // The answer of today moves the newest day.
    await refreshSession();
    await refreshAll(queries);
    go(`/people/${person.person}`);
  };
  return (
    <div className="page survey-enter">
      <div className="page-head">
        <h1>登记走访答复</h1>
      </div>
      <div className="card">
        <p>
          <Go href={href(`/people/${person.person}`)}>{person.name}</Go> {person.id}，{person.region.path}
        </p>
        <p className="muted">
          和手机上报的答复一样判定：不愿参保而有签名的意愿书，台账转为已落实，不销号；仍计入未参保人数。
        </p>
        {failure !== undefined && <Failure error={failure} />}
        <Form<Fields>
          form={form}
          layout="vertical"
          initialValues={{
            answer: surveyChoice(query.answer ?? '')?.choice ?? 'refuses',
            day: dayjs(today),
            way: 'visit',
          }}
          onValuesChange={changed}
          onFinish={(values) => void send(values)}
        >
          <Form.Item name="answer" label="答复">
            <Select options={SURVEY_CHOICES.map(({ choice, title }) => ({ value: choice, label: title }))} />
          </Form.Item>
          <div className="survey-pair">
            <Form.Item
              name="day"
              label="签名或谈话的日期"
              rules={[{ required: true, message: '请选择日期' }]}
            >
              <DatePicker allowClear={false} maxDate={dayjs(today)} />
            </Form.Item>
            <Form.Item name="way" label="方式">
              <Radio.Group
                options={[
                  { value: 'visit', label: '入户、到办' },
                  { value: 'call', label: '电话' },
                ]}
              />
            </Form.Item>
          </div>
          {reason?.fields.includes('place') && (
            <div className="survey-pair">
              <Form.Item name="place" label="务工地">
                <Input maxLength={100} placeholder="例如：广东东莞" />
              </Form.Item>
              <Form.Item name="scheme" label="参加的险种">
                <Input maxLength={60} placeholder="例如：未参保" />
              </Form.Item>
              <Form.Item name="checked" label="核实时间">
                <DatePicker maxDate={dayjs(today)} />
              </Form.Item>
            </div>
          )}
          {reason?.fields.includes('text') && (
            <Form.Item name="text" label="原因说明">
              <Input.TextArea rows={2} maxLength={500} />
            </Form.Item>
          )}
          <Form.Item
            name="remark"
            label="谈话记录"
            extra={
              paper === 'statement'
                ? '没有意愿书的，要写清谈话经过（至少15个字）才算落实。不写身份证号码。'
                : '不写身份证号码。'
            }
          >
            <Input.TextArea rows={3} maxLength={500} />
          </Form.Item>
          <Form.Item
            label={paper === 'statement' ? '签名的意愿书（扫描件）' : '证明材料（扫描件）'}
            htmlFor="visit-document"
            extra="PDF、JPEG 或 PNG，一个文件；加密保存。"
          >
            <FilePick
              id="visit-document"
              label="扫描件"
              accept=".pdf,.jpg,.jpeg,.png"
              file={file}
              onPick={(picked) => {
                changed();
                setFile(picked);
              }}
            />
          </Form.Item>
          <DialogButtons act="登记" busy={busy} onCancel={() => go(`/people/${person.person}`)} />
        </Form>
      </div>
    </div>
  );
}
