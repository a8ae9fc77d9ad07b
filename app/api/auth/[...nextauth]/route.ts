import { handleAuth } from "@/app/_server/session";

export { handleAuth as GET, handleAuth as POST };
