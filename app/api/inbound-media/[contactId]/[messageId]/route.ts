import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { isShown } from "@/lib/conversations/media";
import { getInboundMedia } from "@/lib/conversations/queries/get-inbound-media";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { idOf } from "@/lib/templates/inputs";

type Address = { params: Promise<{ contactId: string; messageId: string }> };

/** A file that somebody sent us. Pictures are shown, everything else is handed over; nothing of it is kept on the way. */
export function GET(request: Request, { params }: Address): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const asked = await params;
    const contactId = idOf("con").safeParse(asked.contactId).data;
    const messageId = idOf("cnv").safeParse(asked.messageId).data;
    if (!contactId || !messageId) return problem({ code: "not_found" });
    const { bytes, mimeType } = await getInboundMedia(ctx, { contactId, messageId });
    await noteReading(ctx, { what: "inbound_file.opened", subject: contactId });
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": isShown(mimeType) ? mimeType : "application/octet-stream",
        "content-disposition": isShown(mimeType) ? "inline" : `attachment; filename="${fileName(mimeType)}"`,
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
      },
    });
  });
}

const endings: Readonly<Record<string, string>> = {
  "application/msword": "doc",
  "application/vnd.ms-excel": "xls",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "text/plain": "txt",
  "video/3gpp": "3gp",
};

/** A name of ours: the sender's own may say whatever it likes. */
function fileName(mimeType: string): string {
  return `whatsapp.${endings[mimeType] ?? mimeType.split("/")[1] ?? "bin"}`;
}
