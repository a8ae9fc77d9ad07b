"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { action, formAction } from "@/app/_server/action";
import { AddFormTag, addFormTag } from "@/lib/consent/commands/add-form-tag";
import { CreateKeyword, createKeyword } from "@/lib/consent/commands/create-keyword";
import { CreateOptInForm, createOptInForm } from "@/lib/consent/commands/create-opt-in-form";
import { RetireKeyword, retireKeyword } from "@/lib/consent/commands/retire-keyword";
import { SetOptInFormOpen, setOptInFormOpen } from "@/lib/consent/commands/set-opt-in-form-open";
import { idOf } from "@/lib/templates/inputs";

const refresh = () => revalidatePath("/audiences/forms", "layout");

export const createForm = formAction(CreateOptInForm.extend({ purposeId: idOf("pur") }), createOptInForm, ({ slug }) =>
  redirect(`/audiences/forms/${slug}`),
);
export const setOpen = action(SetOptInFormOpen.extend({ formId: idOf("frm") }), setOptInFormOpen, refresh);
export const addTag = formAction(AddFormTag.extend({ formId: idOf("frm") }), addFormTag, refresh);
export const addKeyword = formAction(CreateKeyword.extend({ wordingVersionId: idOf("wrd") }), createKeyword, refresh);
export const removeKeyword = action(RetireKeyword.extend({ keywordId: idOf("kwd") }), retireKeyword, refresh);
