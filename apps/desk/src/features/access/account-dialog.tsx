import { addAccount, changeAccount } from '@quanbao/contract/access';
import { regions } from '@quanbao/contract/regions';
import { Alert, Form, Input, Modal, Select, TreeSelect } from 'antd';
import { useMemo } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { type RegionNode, regionTree } from '../../shell/region-tree.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Account, Roles } from './contract.ts';
import type { Handed } from './passwords-dialog.tsx';

interface Props {
  readonly known: Roles;
  /** Absent for a new one. */
  readonly account?: Account;
  readonly onClose: () => void;
  readonly onDone: (made?: Handed) => void;
}
interface Fields {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly office?: string;
  readonly region: string;
  readonly subject?: string;
}

/** A new account, or a change of one; what it may do waits for approval. */
export function AccountDialog({ known, account, onClose, onDone }: Props) {
  const [form] = Form.useForm<Fields>();
  const chosen = Form.useWatch('role', form) ?? account?.role;
  const role = known.roles.find(({ code }) => code === chosen);
  const { data: places } = useRead(regions, { query: {} });
  const tree = useMemo(
    () =>
      places ? restrict(regionTree(places.items, places.root.code), places.items, role?.levels ?? []) : [],
    [places, role],
  );
  const { busy, failure, run } = useAct();
  const send = async ({ login, name, role: code, office, region, subject }: Fields): Promise<void> => {
    await run(async () => {
      if (account) {
        await call(changeAccount, {
          params: { account: account.account },
          body: { name, role: code, office: office ?? null, region, subject: subject || null },
        });
        onDone();
      } else {
        const made = await call(addAccount, {
          body: {
            login,
            name,
            role: code,
            region,
            ...(office ? { office } : {}),
            ...(subject ? { subject } : {}),
          },
        });
        onDone({ login: made.account.login, name: made.account.name, password: made.password });
      }
    });
  };
  return (
    <Modal
      open
      title={account ? `修改账号 ${account.login}` : '新建账号'}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      {failure !== undefined && <Failure error={failure} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={
          account && {
            ...account,
            office: account.office ?? undefined,
            region: account.region.code,
            subject: account.subject ?? undefined,
          }
        }
        onFinish={(values) => void send(values)}
      >
        {!account && (
          <Form.Item
            name="login"
            label="账号"
            extra="小写字母开头，2 至 32 位字母、数字、点、下划线或减号；不要用身份证号。"
            rules={[{ required: true, message: '请填写账号' }]}
          >
            <Input autoFocus autoComplete="off" maxLength={64} />
          </Form.Item>
        )}
        <Form.Item
          name="name"
          label="姓名"
          rules={[{ required: true, whitespace: true, message: '请填写姓名' }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item
          name="role"
          label="角色"
          extra={role?.duty}
          rules={[{ required: true, message: '请选择角色' }]}
        >
          <Select
            options={known.roles.map(({ code, title }) => ({ value: code, label: title }))}
            onChange={() => form.resetFields(['region', 'office'])}
          />
        </Form.Item>
        {role?.ofOffice && (
          <Form.Item name="office" label="部门" rules={[{ required: true, message: '请选择部门' }]}>
            <Select showSearch options={known.offices.map((value) => ({ value, label: value }))} />
          </Form.Item>
        )}
        <Form.Item name="region" label="管辖范围" rules={[{ required: true, message: '请选择管辖范围' }]}>
          <TreeSelect
            treeData={tree}
            showSearch
            treeNodeFilterProp="title"
            treeDefaultExpandedKeys={tree.map(({ value }) => value)}
          />
        </Form.Item>
        <Form.Item
          name="subject"
          label="统一认证标识"
          extra="省统一身份认证给出的标识（sub），不能是身份证号；不用统一认证的留空。"
        >
          <Input autoComplete="off" maxLength={255} />
        </Form.Item>
        <Alert
          type="info"
          title={
            account
              ? '只改姓名立即生效；改角色、部门、管辖范围或统一认证标识后要由安全管理员重新核准，核准前不能登录。'
              : '新账号由安全管理员核准后才能登录。初始密码只显示一次。'
          }
        />
        <DialogButtons act={account ? '保存' : '新建'} busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

/** Only places of the levels a role may have can be chosen. */
function restrict(
  nodes: readonly RegionNode[],
  places: readonly { readonly code: string; readonly level: string }[],
  levels: readonly string[],
): (RegionNode & { selectable: boolean })[] {
  const level = new Map(places.map((place) => [place.code, place.level]));
  const walk = (node: RegionNode): RegionNode & { selectable: boolean } => ({
    ...node,
    selectable: levels.includes(level.get(node.value) ?? ''),
    ...(node.children ? { children: node.children.map(walk) } : {}),
  });
  return nodes.map(walk);
}
