import { willingOf } from '../coverage/answer.ts';
import type { Content } from '../coverage/claim.ts';

/** What an answer says about the person's situation and about his will; '' where it says nothing of it. */
function partsOf(content: Content): { situation: string; will: string } {
  const { w, t } = content;
  const bare = w === undefined || w === 'willing' || w === 'refuses' || w === 'unknown' || w === 'alive';
  return {
    situation: `${bare ? '' : w}${t === undefined ? '' : `+${t.join()}`}`,
    will: willingOf(content) ?? '',
  };
}

/** Whether it answers at all; a telephone number or a village alone does not. */
export function saysAnswer(content: Content): boolean {
  return (
    (content.w !== undefined && content.w !== 'unknown') || content.i !== undefined || content.t !== undefined
  );
}

/** Whether the later one says the same about the person as the earlier, be it in fewer words. */
export function sameAnswer(before: Content, next: Content): boolean {
  const [a, b] = [partsOf(before), partsOf(next)];
  if (a.situation === b.situation) return a.will === b.will || a.will === '' || b.will === '';
  return b.situation === '' && b.will !== '' && a.will === b.will;
}
