"use client";

import { X } from "lucide-react";
import { type ReactNode, useState, useTransition } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslations } from "use-intl/react";
import type { AppErrorCode, AppErrorParams } from "@/lib/foundation/errors";
import { Button, type ButtonLook } from "./button";
import { useStepUp } from "./step-up.client";

interface Openness {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** A question in front of the page: title, text, and its buttons in `actions`, the named one last. */
export function Dialog({
  title,
  children,
  actions,
  isAlert = false,
  ...openness
}: Openness & { title: ReactNode; children?: ReactNode; actions?: ReactNode; isAlert?: boolean }) {
  return (
    <ModalOverlay {...openness} isDismissable={!isAlert} className="scrim">
      <Modal className="w-full max-w-[480px]">
        <AriaDialog role={isAlert ? "alertdialog" : "dialog"} className="dialog outline-none">
          <Heading slot="title" level={2} className="mb-3 text-figure">
            {title}
          </Heading>
          {children}
          {actions && <div className="mt-6 flex flex-wrap justify-end gap-2">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Details of one row at the right edge, over the page. */
export function SidePanel({ title, children, ...openness }: Openness & { title: ReactNode; children: ReactNode }) {
  const t = useTranslations("common");
  return (
    <ModalOverlay {...openness} isDismissable className="fixed inset-0 z-30 bg-[var(--scrim)]">
      <Modal className="side-panel">
        <AriaDialog className="outline-none">
          <div className="mb-4 flex items-start justify-between gap-3">
            <Heading slot="title" level={2} className="text-figure">
              {title}
            </Heading>
            <button
              type="button"
              className="icon-button"
              aria-label={t("close")}
              onClick={() => openness.onOpenChange(false)}
            >
              <X aria-hidden />
            </button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A button that opens a panel with what the server has rendered for it. */
export function SidePanelButton({
  label,
  title,
  children,
  ...look
}: ButtonLook & { label: ReactNode; title: ReactNode; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button {...look} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
      <SidePanel title={title} isOpen={isOpen} onOpenChange={setIsOpen}>
        {children}
      </SidePanel>
    </>
  );
}

/** What `action()` of the console's glue returns. */
export type ActionOutcome = { ok: true } | { ok: false; code: AppErrorCode; params: AppErrorParams };

/**
 * A button that asks first. The dialog names what happens and to how many; `confirmLabel` says it again ("Enviar a
 * 12.450 personas"). `typed` must be typed where there is no way back. A refusal is shown in the dialog, in words.
 */
export function ConfirmButton({
  label,
  title,
  children,
  confirmLabel,
  cancelLabel,
  confirmLook = "primary",
  typed,
  action,
  onDone,
  ...look
}: ButtonLook & {
  label: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  confirmLabel: ReactNode;
  cancelLabel?: ReactNode;
  confirmLook?: "primary" | "danger";
  typed?: string;
  action: () => Promise<ActionOutcome>;
  onDone?: () => void;
}) {
  const t = useTranslations("common");
  const errors = useTranslations("errors");
  const proved = useStepUp();
  const [isOpen, setIsOpen] = useState(false);
  const [refusal, setRefusal] = useState("");
  const [text, setText] = useState("");
  const [isPending, start] = useTransition();
  const isReady = typed === undefined || text.trim() === typed;

  function open(next: boolean) {
    setIsOpen(next);
    setRefusal("");
    setText("");
  }
  function confirm() {
    if (!isReady || isPending) return;
    start(async () => {
      const outcome = await proved(action)();
      if (outcome.ok) {
        open(false);
        onDone?.();
      } else setRefusal(errors(outcome.code));
    });
  }
  return (
    <>
      <Button {...look} onClick={() => open(true)}>
        {label}
      </Button>
      <Dialog
        isAlert
        title={title}
        isOpen={isOpen}
        onOpenChange={open}
        actions={
          <>
            <Button onClick={() => open(false)}>{cancelLabel ?? t("cancel")}</Button>
            <Button
              look={confirmLook}
              aria-busy={isPending || undefined}
              aria-disabled={!isReady || undefined}
              onClick={confirm}
            >
              {isPending ? t("working") : confirmLabel}
            </Button>
          </>
        }
      >
        {children}
        {typed !== undefined && (
          <label className="field mt-4">
            <span>{t("typeToConfirm", { text: typed })}</span>
            <input className="input" value={text} onChange={(event) => setText(event.currentTarget.value)} />
          </label>
        )}
        {refusal && (
          <p role="alert" className="mt-3 text-bad">
            {refusal}
          </p>
        )}
      </Dialog>
    </>
  );
}
