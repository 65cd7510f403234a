import { compose, type PaperInputs } from '@quanbao/domain/supervision/paper/compose';
import type { Paper } from '@quanbao/domain/supervision/paper/paper';
import { sm3Hex } from '../../../secrets/sm3.ts';

export interface Frozen {
  readonly inputs: PaperInputs;
  readonly paper: Paper;
}

/** A paper with all that it was made of, and the digest of exactly these bytes. */
export function seal(inputs: PaperInputs): { frozen: string; digest: string; paper: Paper } {
  const paper = compose(inputs);
  const frozen = JSON.stringify({ inputs, paper });
  return { frozen, digest: sm3Hex(frozen), paper };
}

export function thaw(frozen: string): Frozen {
  return JSON.parse(frozen) as Frozen;
}

/** `kept`: what is stored is what was issued; `remade`: the same inputs give the same paper again. */
export function verify(frozen: string, digest: string): { kept: boolean; remade: boolean } {
  const { inputs } = thaw(frozen);
  return { kept: sm3Hex(frozen) === digest, remade: seal(inputs).digest === digest };
}
