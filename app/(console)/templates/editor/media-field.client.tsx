"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import * as z from "zod";
import { FileField } from "@/app/_ui/fields";
import { type MediaKind, mediaAccept, mediaLimits } from "@/lib/templates/media";

export interface ChosenFile {
  mediaId: string;
  fileName: string;
}

const kept = z.object({ mediaId: z.string(), kind: z.enum(["image", "video", "document"]), fileName: z.string() });
const refusal = z.object({ params: z.object({ reason: z.string() }) });
type Wrong = "kind" | "size" | "failed";

/** A picture, video or document: chosen, uploaded at once, and named while it is there. */
export function MediaField({
  id,
  kind,
  file,
  error,
  onChange,
}: {
  id: string;
  kind: MediaKind;
  file: ChosenFile | null;
  error?: string;
  onChange: (file: ChosenFile) => void;
}) {
  const t = useTranslations("templates.media");
  const [isUploading, setIsUploading] = useState(false);
  const [wrong, setWrong] = useState<Wrong>();

  async function upload(chosen: File) {
    setWrong(undefined);
    if (chosen.size > mediaLimits[kind]) return setWrong("size");
    setIsUploading(true);
    const result = await send(chosen, kind).catch((): Wrong => "failed");
    setIsUploading(false);
    if (typeof result === "string") setWrong(result);
    else onChange(result);
  }
  return (
    <FileField
      id={id}
      name={`file-${id}`}
      label={t(`kinds.${kind}`)}
      accept={mediaAccept[kind]}
      aria-busy={isUploading || undefined}
      hint={
        <span aria-live="polite">
          {isUploading
            ? t("uploading")
            : file
              ? t("chosen", { name: file.fileName || t("unnamed") })
              : t(`hints.${kind}`)}
        </span>
      }
      error={wrong ? t(`wrong.${wrong}`) : error}
      onChange={(event) => {
        const [chosen] = event.currentTarget.files ?? [];
        if (chosen) void upload(chosen);
      }}
    />
  );
}

async function send(file: File, kind: MediaKind): Promise<ChosenFile | Wrong> {
  const response = await fetch("/api/media", {
    method: "POST",
    headers: { "x-file-name": encodeURIComponent(file.name) },
    body: file,
  });
  const body: unknown = await response.json();
  if (response.ok) {
    const { kind: is, mediaId, fileName } = kept.parse(body);
    return is === kind ? { mediaId, fileName } : "kind";
  }
  const reason = refusal.safeParse(body).data?.params.reason;
  return reason === "kind" || reason === "size" ? reason : "failed";
}
