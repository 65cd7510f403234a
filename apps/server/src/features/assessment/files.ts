import { buffer } from 'node:stream/consumers';
import type { Attachment } from '@quanbao/contract/assessment';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Static } from 'typebox';
import { journalOf } from '../../db/journal-of.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { dropFiles, nameFiles } from '../originals/index.ts';
import { unitOf, writing } from './answers.ts';
import type { Reach } from './reach.ts';

/** Keeps a proof beside the line it proves; nothing is added to what is frozen. */
export async function attachFile(
  instance: Instance,
  reach: Reach,
  no: number,
  order: Static<typeof Attachment>,
  document: { readonly name: string; readonly digest: string },
): Promise<{ file: number }> {
  const { unit, line, given } = order;
  try {
    return await writing(
      instance,
      reach,
      no,
      { unit, act: 'assessment.attach', detail: { line, given } },
      async (tx, one, of) => {
        if (one.state === 'frozen' || one.state === 'published') {
          throw new Refusal('assessment.state', '这一轮已经定案，不能再附材料。');
        }
        if (given === 'fact' && !reach.whole) {
          throw new Refusal('assessment.unit', '登记事项的依据由县级上传。');
        }
        if (line !== '' && !one.content.lines.some(({ code }) => code === line)) {
          throw new Refusal('assessment.line', `方案里没有代码为“${line}”的考核内容。`);
        }
        await nameFiles(tx, instance, journalOf(reach.scope), [document.digest]);
        const [row] = await tx.query<{ file: number }>(
          `insert into assessment_file (county, assessment, file, unit, region, line, given, name, stored, actor)
           select $1, $2, coalesce(max(file), 0) + 1, $3, $4, $5, $6, $7, $8, $9 from assessment_file
           where county = $1 and assessment = $2 returning file`,
          [
            reach.scope.county,
            no,
            of.unit,
            of.region,
            line,
            given,
            document.name,
            document.digest,
            reach.scope.actor,
          ],
        );
        return { file: Number(row?.file) };
      },
    );
  } catch (error) {
    await dropFiles(instance, journalOf(reach.scope), [document.digest]);
    throw error;
  }
}

export async function attachedFile(
  instance: Instance,
  reach: Reach,
  no: number,
  file: number,
): Promise<{ name: string; bytes: Buffer }> {
  const { scope } = reach;
  const row = await instance.db.transaction(scope, async (tx) => {
    const [found] = await tx.query<{ unit: string; region: string; name: string; stored: string }>(
      'select unit, region, name, stored from assessment_file where county = $1 and assessment = $2 and file = $3',
      [scope.county, no, file],
    );
    if (found === undefined) throw new Refusal('assessment.file', '没有这份材料，或不在您的管辖范围。');
    await unitOf(tx, reach, no, found.unit);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'assessment.file',
      subject: `assessment ${no}`,
      region: found.region,
      detail: { file },
    });
    return found;
  });
  return { name: row.name, bytes: await buffer(instance.files.open(row.stored)) };
}
