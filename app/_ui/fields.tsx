import clsx from "clsx";
import { ChevronDown, OctagonX } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

/** What every field has: a label above, a hint and the error below, tied to the control for screen readers. */
export interface FieldText {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** What was found and what is expected, in words. */
  error?: ReactNode;
  /** Default: the name. The error summary links to it. */
  id?: string;
  className?: string;
}

type Native<Tag extends "input" | "textarea" | "select"> = Omit<ComponentProps<Tag>, keyof FieldText | "children">;

/** Ids and states of a control, from what its field says. */
function controlOf({ name, id = name, hint, error }: FieldText) {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return {
    id,
    name,
    "aria-invalid": error ? (true as const) : undefined,
    "aria-describedby": described || undefined,
  };
}

function FieldFrame({ field, children }: { field: FieldText; children: ReactNode }) {
  const { name, id = name, label, hint, error, className } = field;
  return (
    <div className={clsx("field", className)}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children}
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}

function FieldNotes({ id, hint, error }: { id: string; hint?: ReactNode; error?: ReactNode }) {
  return (
    <>
      {hint && (
        <div className="note" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && (
        <div className="field-error" id={`${id}-error`}>
          <OctagonX aria-hidden />
          <span>{error}</span>
        </div>
      )}
    </>
  );
}

/** One line of text: also e-mail, password, date and time by `type`. */
export function TextField({ name, label, hint, error, id, className, ...input }: FieldText & Native<"input">) {
  const field = { name, label, hint, error, id, className };
  return (
    <FieldFrame field={field}>
      <input type="text" {...input} {...controlOf(field)} className="input" />
    </FieldFrame>
  );
}

/** A number in the region's own writing, its unit beside it; read it with `formats.parseNumber`. */
export function NumberField({
  name,
  label,
  hint,
  error,
  id,
  className,
  unit,
  ...input
}: FieldText & Native<"input"> & { unit?: string }) {
  const field = { name, label, hint, error, id, className };
  const control = (
    <input type="text" inputMode="decimal" autoComplete="off" {...input} {...controlOf(field)} className="input" />
  );
  return (
    <FieldFrame field={field}>
      {unit ? (
        <div className="affix">
          {control}
          <span>{unit}</span>
        </div>
      ) : (
        control
      )}
    </FieldFrame>
  );
}

/** Several lines; grows with its text. Put a character count in the hint. */
export function TextAreaField({ name, label, hint, error, id, className, ...input }: FieldText & Native<"textarea">) {
  const field = { name, label, hint, error, id, className };
  return (
    <FieldFrame field={field}>
      <textarea rows={2} {...input} {...controlOf(field)} className="input" />
    </FieldFrame>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** The browser's own list: works on a phone, with a keyboard and without JavaScript. */
export function SelectField({
  name,
  label,
  hint,
  error,
  id,
  className,
  options,
  placeholder,
  ...select
}: FieldText & Native<"select"> & { options: readonly Choice[]; placeholder?: string }) {
  const field = { name, label, hint, error, id, className };
  return (
    <FieldFrame field={field}>
      <div className="select-box">
        <select {...select} {...controlOf(field)} className="input">
          {placeholder && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden />
      </div>
    </FieldFrame>
  );
}

/** One file. The accepted kinds go in `accept`, what is in them in the hint. */
export function FileField({ name, label, hint, error, id, className, ...input }: FieldText & Native<"input">) {
  const field = { name, label, hint, error, id, className };
  return (
    <FieldFrame field={field}>
      <input {...input} {...controlOf(field)} type="file" className="input" />
    </FieldFrame>
  );
}

/** A yes or no; the label stands beside it. */
export function CheckboxField({ name, label, hint, error, id, className, ...input }: FieldText & Native<"input">) {
  const field = { name, label, hint, error, id, className };
  const control = controlOf(field);
  return (
    <div className={clsx("field", className)}>
      <label className="choice">
        <input {...input} {...control} type="checkbox" />
        <span>{label}</span>
      </label>
      <FieldNotes id={control.id} hint={hint} error={error} />
    </div>
  );
}

/** One of a few, all of them visible, each with its explanation. */
export function RadioField({
  name,
  label,
  hint,
  error,
  id = name,
  className,
  options,
  defaultValue,
  value,
  onChange,
}: FieldText & {
  options: readonly { value: string; label: ReactNode; hint?: ReactNode }[];
  defaultValue?: string;
  value?: string;
  onChange?: (value: string) => void;
}) {
  return (
    <fieldset
      className={clsx("field", className)}
      id={id}
      tabIndex={-1}
      aria-describedby={error ? `${id}-error` : undefined}
    >
      <legend className="field-label mb-1.5">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            value={option.value}
            {...(onChange
              ? { checked: value === option.value, onChange: () => onChange(option.value) }
              : { defaultChecked: defaultValue === option.value })}
          />
          <span>
            {option.label}
            {option.hint && <span className="note block">{option.hint}</span>}
          </span>
        </label>
      ))}
      <FieldNotes id={id} hint={hint} error={error} />
    </fieldset>
  );
}

/** Shares that add up to 100: one number a row, the sum said below by whoever computes it. */
export function SplitField({
  name,
  label,
  rows,
  sum,
  error,
  id = name,
  onChange,
}: {
  name: string;
  label: ReactNode;
  /** `key` completes the field's name: `split.A`. `value` is text, as typed. */
  rows: readonly { key: string; label: ReactNode; accessibleLabel: string; value: string; note?: ReactNode }[];
  sum: ReactNode;
  error?: ReactNode;
  id?: string;
  onChange?: (key: string, text: string) => void;
}) {
  return (
    <fieldset className="field" id={id} tabIndex={-1} aria-describedby={`${id}-sum`}>
      <legend className="field-label mb-1.5">{label}</legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(140px,1fr))] gap-3">
        {rows.map((row) => (
          <div key={row.key} className="grid gap-1">
            <span>{row.label}</span>
            <div className="affix">
              <input
                className="input"
                name={`${name}.${row.key}`}
                inputMode="decimal"
                autoComplete="off"
                aria-label={row.accessibleLabel}
                aria-invalid={error ? true : undefined}
                {...(onChange
                  ? { value: row.value, onChange: (event) => onChange(row.key, event.currentTarget.value) }
                  : { defaultValue: row.value })}
              />
              <span>%</span>
            </div>
            {row.note && <span className="note num">{row.note}</span>}
          </div>
        ))}
      </div>
      <div id={`${id}-sum`} aria-live="polite">
        {error ? (
          <div className="field-error">
            <OctagonX aria-hidden />
            <span>{error}</span>
          </div>
        ) : (
          <span className="note">{sum}</span>
        )}
      </div>
    </fieldset>
  );
}

/** Every problem of a form at its top, each a link to its field. Announced when it appears. */
export function FormErrors({
  title,
  errors,
}: {
  title: ReactNode;
  errors: readonly { field?: string; message: ReactNode }[];
}) {
  if (errors.length === 0) return null;
  return (
    <div role="alert" className="banner tone-bad">
      <OctagonX aria-hidden />
      <div className="banner-text">
        <strong>{title}</strong>
        <ul className="mt-1 grid gap-1">
          {errors.map(({ field, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: several messages may belong to one field
            <li key={index}>{field ? <a href={`#${field}`}>{message}</a> : message}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
