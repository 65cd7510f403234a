import { useState } from 'react';
import { useField } from './use-field.ts';

/** The village somebody lives in, where the list was wrong. */
export function VillageField({
  value,
  own,
  onChange,
}: {
  value: string;
  own: string;
  onChange: (village: string) => void;
}) {
  const { view } = useField();
  const others = view.packs.filter((pack) => pack.village.code !== own);
  const [open, setOpen] = useState(value !== '');
  if (!open) {
    return (
      <button type="button" className="plain-button" onClick={() => setOpen(true)}>
        不住本村：更正村（社区）
      </button>
    );
  }
  return (
    <>
      {others.length > 0 && (
        <div className="chips">
          {others.map(({ village }) => (
            <button
              key={village.code}
              type="button"
              aria-pressed={value === village.code}
              onClick={() => onChange(value === village.code ? '' : village.code)}
            >
              {village.name}
            </button>
          ))}
        </div>
      )}
      <label>
        现住村（社区）的 12 位代码
        <input
          autoComplete="off"
          inputMode="numeric"
          value={value}
          maxLength={12}
          placeholder="不更正就空着"
          onChange={(event) => onChange(event.target.value.trim())}
        />
      </label>
    </>
  );
}
