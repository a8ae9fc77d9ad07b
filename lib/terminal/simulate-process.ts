/** One processor's share of `npm run simulate`: plays the chunks that it is sent, one after the other, until the parent leaves. */
import { type Chunk, player } from "@/lib/statistics/simulation/simulate";

const play = player(Number(process.argv[2]));
process.on("message", (chunk: Chunk) => process.send?.(play(chunk)));
