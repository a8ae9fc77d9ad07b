"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { dismissNotice } from "@/lib/notices/commands/dismiss-notice";
import { NoticeInput } from "@/lib/notices/notice";

export const dismiss = action(NoticeInput, dismissNotice, () => revalidatePath("/", "layout"));
