import { Refusal } from '@quanbao/domain/kernel/problem';

/** What is said when the database itself refuses, by constraint; one for each, which a test makes sure of. */
export const CONSTRAINT_MESSAGES: Readonly<Record<string, string>> = {
  county_pkey: '这个县已经初始化过。',
  region_pkey: '同一个区划代码重复。',
  scheme_code_pkey: '同一个系统代码在同一天起有两条对应关系。',
  header_choice_pkey: '同一来源的同一表头重复指定了列。',
  delivery_pkey: '报送编号重复；同一来源可能正由另一个人写入，请再试一次。',
  delivery_mode_known: '报送只能是全量或变动。',
  delivery_file_pkey: '报送的文件序号重复。',
  delivery_file_delivery_fk: '文件所属的报送不存在。',
  delivery_reading_pkey: '同一份报送的读取记录重复。',
  stored_file_pkey: '同一个文件重复登记；可能有人同时在接收，请再试一次。',
  rejected_row_pkey: '被拒收的行重复登记。',
  rejected_row_delivery_fk: '被拒收的行所属的报送不存在。',
  id_fix_pkey: '更正编号重复；可能有人同时在更正，请再试一次。',
  person_pkey: '人员编号重复；可能有人同时在写入，请再试一次。',
  person_id_hash_uq: '同一个身份证号码已经有一个人员编号；可能有人同时在写入，请再试一次。',
  claim_pkey: '同一份名单对同一个人的同一事项说了两次。',
  adjudication_pkey: '裁定编号重复；可能有人同时在裁定，请再试一次。',
  adjudication_column_known: '裁定的列只能是附件 3 第 7 至 17 列。',
  adjudication_says_something: '裁定要写明附件 3 的栏次或所在的村。',
  step_pkey: '同一个人同一天起有两个结论。',
  step_class_pkey: '结论类别重复登记。',
  finding_pkey: '同一个人同一天起同一种问题重复登记。',
  touched_pkey: '受影响的人员重复登记。',
  person_search_pkey: '同一个人的检索登记重复；请再试一次。',
  name_key_pkey: '姓名检索登记重复；请再试一次。',
  search_due_pkey: '待更新检索的人员重复登记。',
  saved_filter_pkey: '保存的查询编号重复；请再试一次。',
  saved_filter_name_uq: '已经有一个同名的查询；请换一个名称，或先删除原来的。',
  account_pkey: '账号编号重复；可能有人同时在新建账号，请再试一次。',
  account_login_uq: '这个账号名已经有人用了；请换一个账号名。',
  account_subject_uq: '这个统一认证标识已经属于另一个账号；请核对省平台给出的标识。',
  session_pkey: '登录标识重复；请重新登录。',
  session_account_fk: '登录所属的账号不存在。',
  ledger_item_pkey: '同一个人同一事项同一天起有两个台账状态。',
  ledger_item_state_known: '台账状态只能是待核实、已落实或销号。',
  ledger_closing_pkey: '销号编号重复；可能有人同时在销号，请再试一次。',
  ledger_task_pkey: '同一事项已经分派；请刷新后再试。',
  notice_pkey: '同一次变动的推送重复登记。',
  media_pkey: '同一张照片正由另一次传送写入；请再试一次。',
  media_piece_pkey: '这一段照片已经收到。',
  media_piece_media_fk: '照片的登记不存在；请重新发送。',
  device_pkey: '同一部手机重复登记；请再试一次。',
  workbook_issue_pkey: '底册编号重复；可能有人同时在下发，请再试一次。',
  workbook_line_pkey: '同一份底册里同一个人登记了两次。',
  workbook_return_pkey: '返回编号重复；可能有人同时在接收，请再试一次。',
  workbook_return_stored_uq: '同一个返回文件刚由另一个人接收；请刷新后查看。',
  workbook_row_pkey: '返回文件的同一行重复登记。',
  workbook_row_verdict_known: '审核结果只能是采用、采用有提示、未填写、退回或未回。',
  village_cover_pkey: '包村编号重复；可能有人同时在分派，请再试一次。',
  survey_round_pkey: '走访任务编号重复；可能有人同时在新建，请再试一次。',
  survey_round_basis_known: '走访任务的名单来源只能是台账、省厅名单或整村走访。',
  survey_round_days_in_order: '走访任务的期限不能早于开始日期。',
  back_check_pkey: '抽查编号重复；可能有人同时在抽取，请再试一次。',
  back_check_visit_pkey: '同一条走访在一次抽查中重复登记。',
  back_check_visit_result_known: '抽查结果只能是一致、不一致或无法核实。',
  headcount_pkey: '这一版人数核定已经登记；可能有人同时在核定，请刷新后再试。',
  address_rule_pkey: '规则编号重复；可能有人同时在写规则，请再试一次。',
  address_rule_kind_known: '规则的种类只能是文字、街道门牌、单位小区或同户。',
  address_application_pkey: '分村编号重复；可能有人同时在分村，请再试一次。',
  address_placement_pkey: '同一个人在同一次分村里出现了两次。',
  visit_pkey: '这条走访记录已经收到过。',
  own_form_pkey: '同一个代码的自定表已经有了。',
  audit_event_pkey: '留痕序号重复；恢复备份后请运行 quanbao check。',
  audit_event_seq_positive: '留痕序号必须是正数。',
  audit_block_pkey: '留痕块编号重复；可能有另一个进程同时在封存，请再试一次。',
};

const REFUSING = new Set(['23503', '23505', '23514', '23P01']);

/** The refusal a broken constraint amounts to; the values that broke it stay out, they may be ID numbers. */
export function refusalOf(error: unknown): Refusal | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === undefined || constraint === undefined || !REFUSING.has(code)) return undefined;
  const message = CONSTRAINT_MESSAGES[constraint];
  if (message === undefined) return undefined;
  return new Refusal(`db.${constraint}`, `${message}没有改动任何数据。`);
}
