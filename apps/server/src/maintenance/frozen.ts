import { createHash } from 'node:crypto';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Tx } from '../db/port.ts';

/** A text that stands as it was when somebody signed for it. */
interface FrozenText {
  readonly title: string;
  readonly text: string;
  readonly digest: string;
  /** What the sealed trail noted at the act; null before the trail noted digests. */
  readonly told: string | null;
}

/** Years of submissions are many megabytes: so many are held at a time. */
const PAGE = 200;

/** What is kept for good, its digest, and the act of the trail that tells it. */
const KINDS: readonly { readonly hash: 'sha256' | 'sm3'; readonly sql: string }[] = [
  {
    hash: 'sha256',
    sql: `select '第 ' || v.submission || ' 号报送第 ' || v.version || ' 版' as title, v.body as text, v.digest,
        (select e.detail->>'digest' from audit_event e
         where e.county = v.county and e.act in ('submission.prepare', 'submission.submit')
           and e.subject = 'submission ' || v.submission and e.detail->>'version' = v.version::text
         order by e.seq desc limit 1) as told
      from submission_version v where v.county = $1`,
  },
  {
    hash: 'sm3',
    sql: `select '第 ' || p.paper || ' 号材料' as title, p.frozen as text, p.digest,
        (select e.detail->>'digest' from audit_event e
         where e.county = p.county and e.act = 'paper.issue' and e.subject = 'paper ' || p.paper
         order by e.seq desc limit 1) as told
      from paper p where p.county = $1 and p.state in ('issued', 'withdrawn')`,
  },
  {
    hash: 'sm3',
    sql: `select '第 ' || r.assessment || ' 轮考核的定案' as title, f.content as text, r.digest,
        (select e.detail->>'sm3' from audit_event e
         where e.county = r.county and e.act = 'assessment.frozen' and e.subject = 'assessment ' || r.assessment
         order by e.seq desc limit 1) as told
      from assessment_round r join assessment_frozen f on f.county = r.county and f.assessment = r.assessment
      where r.county = $1 and r.state in ('frozen', 'published')`,
  },
];

/**
 * Submitted forms, issued papers and frozen assessments against their digests, and those against what the trail noted
 * when they were made: whoever rewrites both a text and its digest has to rewrite the sealed trail as well.
 */
export async function checkFrozen(
  tx: Tx,
  county: RegionCode,
): Promise<{ texts: number; wrong: readonly string[] }> {
  const wrong: string[] = [];
  let texts = 0;
  for (const { hash, sql } of KINDS) {
    await tx.query(`declare frozen_text no scroll cursor for ${sql}`, [county]);
    for (;;) {
      const page = await tx.query<FrozenText>(`fetch ${PAGE} from frozen_text`);
      for (const { title, text, digest, told } of page) {
        const is = createHash(hash).update(text).digest('hex');
        if (is !== digest || (told !== null && told !== digest)) wrong.push(title);
      }
      texts += page.length;
      if (page.length < PAGE) break;
    }
    await tx.query('close frozen_text');
  }
  return { texts, wrong };
}
