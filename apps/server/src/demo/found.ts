import type * as contract from '@quanbao/contract/field';
import type { BodyOf } from '@quanbao/contract/route';
import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import type { Scope } from '../db/port.ts';
import { enterFound, setFoundAside, syncVisits } from '../features/survey/index.ts';
import type { Instance } from '../instance.ts';
import type { VisitedVillage } from './campaign.ts';
import { commandOf, digestOf, takePictures } from './phone.ts';
import { signature } from './pictures.ts';

type FoundCommand = NonNullable<BodyOf<typeof contract.fieldSync>['found']>[number];

interface Met {
  readonly found: Omit<FoundCommand['found'], 'village'>;
  readonly answer: string;
  readonly remark?: string;
  readonly way?: 'call';
  readonly signed?: true;
  /** What the town has made of it; nothing where it waits. */
  readonly made?: 'entered' | 'aside';
}

/** Numbers of a place that none of the invented county's people were born in. */
function numberOf(born: string, sequence: string): string {
  const first17 = `522401${born}${sequence}`;
  return first17 + checkDigit(first17);
}

/** Whom the villages on their way have met who are on no list, village after village. */
const MET: readonly (readonly Met[])[] = [
  [
    {
      found: {
        name: '欧阳春生',
        id: numberOf('19680412', '117'),
        address: '2组15号',
        relation: '配偶',
        phone: '13800002215',
      },
      answer: 'willing',
      remark: '去年随妻子迁来，户口正在办理',
      signed: true,
      made: 'entered',
    },
    {
      found: { name: '谭小满', id: numberOf('19910521', '226'), address: '3组7号', relation: '子女' },
      answer: 'migrant',
      way: 'call',
      remark: '在外务工，电话由父亲转接',
    },
    {
      found: { name: '龙秀云', birth: '1957-03', sex: 'female', address: '5组3号', relation: '父母' },
      answer: 'willing',
      remark: '身份证不在身边，下次带来',
    },
  ],
  [
    {
      found: { name: '苏长根', id: numberOf('19750909', '317'), address: '1组22号', relation: '非亲属' },
      answer: 'claims-registered',
      made: 'aside',
    },
    {
      found: { name: '石桂香', id: numberOf('19820617', '420'), address: '4组9号', relation: '配偶' },
      answer: 'willing',
    },
  ],
];

/** Sends whom the phones found; the town enters one, sets one aside, and the rest wait for it. */
export async function findPeople(
  instance: Instance,
  county: string,
  rounds: readonly (VisitedVillage & { readonly device: string })[],
  now: Date,
): Promise<number> {
  const office: Scope = { county, region: county, actor: 'county' };
  let found = 0;
  for (const [i, { village, login, device }] of rounds.entries()) {
    const scope: Scope = { county, region: village, actor: login, duty: 'read' };
    for (const [n, one] of (MET[i] ?? []).entries()) {
      const command = commandOf(device, `found ${n}`);
      const pictures = one.signed ? [signature(9_000 + n)] : [];
      const digests = pictures.map(digestOf);
      const { results } = await syncVisits(
        instance,
        scope,
        {
          device,
          now: now.toISOString(),
          commands: [],
          found: [
            {
              command,
              madeAt: now.toISOString(),
              way: one.way ?? 'visit',
              answer: one.answer,
              ...(one.remark && { remark: one.remark }),
              ...(digests.length > 0 && { media: digests }),
              found: { ...one.found, village },
            },
          ],
        },
        now,
      );
      const refused = results.find(({ status }) => status === 'refused');
      if (refused !== undefined)
        throw new Error(`somebody found in the demo was refused: ${refused.message}`);
      await takePictures(instance, scope, pictures);
      if (one.made === 'entered') await enterFound(instance, office, command, {});
      if (one.made === 'aside') await setFoundAside(instance, office, command, '户籍在外县，已转当地联系');
      found++;
    }
  }
  return found;
}
