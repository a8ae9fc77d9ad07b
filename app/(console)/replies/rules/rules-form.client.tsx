"use client";

import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { TextAreaField } from "@/app/_ui/fields";
import { useToast } from "@/app/_ui/toast.client";
import type { ReplyRules } from "@/lib/conversations/reply-class";
import { ruledClasses } from "@/lib/conversations/reply-classes";
import { saveRules } from "../actions";
import { buttonLines, linesOf, readButtons } from "./rule-lines";

const buttonClasses = [...ruledClasses, "other"] as const;

/** The rules as lines of text. What was typed stays when it is refused. */
export function RulesForm({ basedOn, rules }: { basedOn: number; rules: ReplyRules }) {
  const t = useTranslations("replies");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [problem, setProblem] = useState<{ buttons?: string; general?: string }>({});
  const [isPending, start] = useTransition();
  const names = buttonClasses.map((value) => ({ value, name: t(`classes.${value}`) }));

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const buttons = readButtons(text("buttons"), names);
    if (!buttons.ok) {
      const classes = names.map(({ name }) => name).join(", ");
      return setProblem({ buttons: t("rules.badButton", { line: buttons.line, classes }) });
    }
    start(async () => {
      const outcome = await saveRules({
        basedOn,
        rules: {
          automatic: linesOf(text("automatic")),
          complaint: linesOf(text("complaint")),
          question: linesOf(text("question")),
          positive: linesOf(text("positive")),
          buttons: buttons.rules,
        },
      });
      if (outcome.ok) toast({ text: t("rules.saved") });
      setProblem(
        outcome.ok ? {} : { general: outcome.code === "conflict" ? t("rules.conflict") : errors(outcome.code) },
      );
    });
  }
  return (
    <form className="grid max-w-measure gap-5" onSubmit={save}>
      {ruledClasses.map((name) => (
        <TextAreaField
          key={name}
          name={name}
          label={t(`rules.${name}`)}
          hint={name === "automatic" ? t("rules.automaticHint") : undefined}
          defaultValue={rules[name].join("\n")}
          rows={6}
        />
      ))}
      <TextAreaField
        name="buttons"
        label={t("rules.buttons")}
        hint={t("rules.buttonsHint")}
        error={problem.buttons}
        defaultValue={buttonLines(rules.buttons, names)}
        rows={4}
        onChange={() => setProblem({})}
      />
      <p className="note">{t("rules.effect")}</p>
      {problem.general && <Banner tone="bad">{problem.general}</Banner>}
      <div>
        <Button type="submit" look="primary" aria-busy={isPending || undefined}>
          {isPending ? t("rules.saving") : t("rules.save")}
        </Button>
      </div>
    </form>
  );
}
