interface Props {
  readonly state: string;
  readonly title: string;
}

export function StateTag({ state, title }: Props) {
  return <span className={`tag ledger-${state}`}>{title}</span>;
}
