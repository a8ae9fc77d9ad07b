import { getTranslator } from "@/app/_server/preferences";
import { TextField } from "@/app/_ui/fields";

/** From one day to another, both as the address has them; either may be missing. */
export async function DateRange({ query }: { query: { from?: string; to?: string } }) {
  const t = await getTranslator("compliance");
  return (["from", "to"] as const).map((name) => (
    <TextField
      key={name}
      name={name}
      type="date"
      label={t(`ledger.${name}`)}
      className="w-[calc(50%-6px)] sm:w-44"
      defaultValue={query[name] ?? ""}
    />
  ));
}
