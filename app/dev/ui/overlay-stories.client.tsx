"use client";

import { Button } from "@/app/_ui/button";
import { MenuButton } from "@/app/_ui/menu.client";
import { ConfirmButton, SidePanelButton } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import type { Locale } from "@/lib/i18n/locales";
import { sayer } from "./say";

export function OverlayStories({ locale }: { locale: Locale }) {
  const say = sayer(locale);
  const toast = useToast();
  return (
    <div className="flex flex-wrap gap-3">
      <ConfirmButton
        label={say("Enviar", "Send")}
        title={say("Enviar «Rebajas de enero»", "Send “January sales”")}
        confirmLabel={say("Enviar a 12.450 personas", "Send to 12,450 people")}
        cancelLabel={say("Todavía no", "Not yet")}
        action={async () => ({ ok: true })}
      >
        <p>{say("12.450 mensajes, 596–634 €.", "12,450 messages, €596–634.")}</p>
        <p className="mt-2 text-muted">
          {say(
            "Tendrás 60 s para cancelar sin que salga ninguno.",
            "You will have 60 s to cancel before any goes out.",
          )}
        </p>
      </ConfirmButton>
      <ConfirmButton
        label={say("Borrar datos", "Erase data")}
        title={say("Borrar los datos de una persona", "Erase a person’s data")}
        confirmLabel={say("Borrar para siempre", "Erase for good")}
        confirmLook="danger"
        typed="BORRAR"
        action={async () => ({ ok: false, code: "conflict", params: {} })}
      />
      <SidePanelButton label={say("Ver entrada", "See entry")} title={say("Entrada 48.213", "Entry 48,213")}>
        <p>{say("Consentimiento de marketing, texto v4.", "Marketing consent, text v4.")}</p>
      </SidePanelButton>
      <MenuButton
        label={say("Más", "More")}
        entries={[
          { id: "duplicate", label: say("Duplicar", "Duplicate") },
          { id: "archive", label: say("Archivar", "Archive") },
        ]}
        onChoose={(id) => toast({ text: id })}
      />
      <Button
        onClick={() =>
          toast({
            text: say("Campaña archivada", "Campaign archived"),
            action: { label: say("Deshacer", "Undo"), run: () => undefined },
          })
        }
      >
        {say("Aviso breve", "Toast")}
      </Button>
      <Button onClick={() => toast({ text: say("No se guardó: sin conexión.", "Not saved: offline."), isError: true })}>
        {say("Aviso de error", "Error toast")}
      </Button>
    </div>
  );
}
