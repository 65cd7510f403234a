// The same random cases on every run, so that a red run can be repeated; `QUANBAO_PROPERTY_SEED=$RANDOM` looks for new ones.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.QUANBAO_PROPERTY_SEED ?? 20200831) });
