"use server";

import { redirect } from "next/navigation";
import { formAction } from "@/app/_server/action";
import { DrawSampleInput, drawSample } from "@/lib/reporting/commands/draw-sample";
import { samplePath } from "../paths";

export const draw = formAction(DrawSampleInput, drawSample, ({ sampleId }) => redirect(samplePath(sampleId)));
