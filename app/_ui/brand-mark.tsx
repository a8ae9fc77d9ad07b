/** An interval beside a dashed zero: what the product is about. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" className="flex-none">
      <path d="M7 2v18" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 2.4" />
      <path d="M9.5 11H21" stroke="var(--accent)" strokeWidth="3" />
      <circle cx="15.2" cy="11" r="4.2" fill="currentColor" stroke="var(--bg)" strokeWidth="1.5" />
    </svg>
  );
}
