"use client";

import { CircleCheck, OctagonX, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";

/** How long a note that nobody has to read stays. Errors stay until they are closed. */
const STAY_MS = 10_000;

export interface ToastNote {
  text: string;
  isError?: boolean;
  /** An undo or a link; closes the note. */
  action?: { label: string; run: () => void };
}

const ToastContext = createContext<(note: ToastNote) => void>(() => undefined);

/** `const toast = useToast(); toast({ text })`: never with personal data in it. */
export function useToast() {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useTranslations("common");
  const [notes, setNotes] = useState<readonly (ToastNote & { id: number })[]>([]);
  const nextId = useRef(1);
  const close = useCallback((id: number) => setNotes((all) => all.filter((note) => note.id !== id)), []);
  const show = useCallback(
    (note: ToastNote) => {
      const id = nextId.current++;
      setNotes((all) => [...all, { ...note, id }]);
      if (!note.isError) setTimeout(() => close(id), STAY_MS);
    },
    [close],
  );
  return (
    <ToastContext value={show}>
      {children}
      <section className="toast-region" aria-label={t("notices")} aria-live="polite">
        {notes.map((note) => (
          <div key={note.id} className="toast" role={note.isError ? "alert" : "status"}>
            {note.isError ? (
              <OctagonX aria-hidden className="text-bad" />
            ) : (
              <CircleCheck aria-hidden className="text-ok" />
            )}
            <span>{note.text}</span>
            <span className="ml-auto flex items-center gap-2">
              {note.action && (
                <button
                  type="button"
                  className="btn btn-link"
                  onClick={() => {
                    note.action?.run();
                    close(note.id);
                  }}
                >
                  {note.action.label}
                </button>
              )}
              <button type="button" className="icon-button" aria-label={t("close")} onClick={() => close(note.id)}>
                <X aria-hidden />
              </button>
            </span>
          </div>
        ))}
      </section>
    </ToastContext>
  );
}
