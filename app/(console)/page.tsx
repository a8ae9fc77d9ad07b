import { redirect } from "next/navigation";
import { signedInPerson } from "../_server/context";
import { landingPath } from "../_server/return-path";

/** Sends people to where their role starts; whoever administers starts with the campaigns. */
export default async function HomePage() {
  const { actor } = await signedInPerson();
  const path = landingPath(actor.roles);
  redirect(path === "/" ? "/campaigns" : path);
}
