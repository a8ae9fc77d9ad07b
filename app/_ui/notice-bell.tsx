import { Bell } from "lucide-react";
import Link from "next/link";
import { getTranslator } from "../_server/preferences";

/** The way to the notices, with how many are open. Its words say the figure: the badge alone is decoration. */
export async function NoticeBell({ count }: { count: number }) {
  const t = await getTranslator("notices");
  return (
    <Link href="/notices" className="bell" aria-label={t("bell", { count, countText: String(count) })}>
      <Bell aria-hidden />
      {count > 0 && (
        <span className="bell-count num" aria-hidden>
          {count > 99 ? "99+" : count}
        </span>
      )}
    </Link>
  );
}
