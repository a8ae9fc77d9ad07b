import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { consoleRuntime, publicPagesUrl } from "@/app/_server/runtime";
import { qrPath } from "@/app/_ui/qr-code";
import { getFormInUse } from "@/lib/consent/queries/list-opt-in-forms";

type Route = { params: Promise<{ slug: string }> };

/** The QR code of a form, or of one of its places (`?tag=`), for printing. */
export function GET(request: Request, { params }: Route): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const { slug } = await params;
    const tag = new URL(request.url).searchParams.get("tag");
    const form = await getFormInUse(ctx, { slug });
    const place = form.places.find((one) => one.tag === tag);
    if (!place) return problem({ code: "not_found", params: { what: "tag" } });
    const base = `${publicPagesUrl(await consoleRuntime())}/forms/${form.slug}`;
    const { size, path } = qrPath(place.tag === null ? base : `${base}?from=${place.tag}`);
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
      `<rect width="${size}" height="${size}" fill="#fff"/><path d="${path}"/></svg>`;
    const name = [form.slug, place.tag].filter(Boolean).join("-");
    return new Response(svg, {
      headers: {
        "Content-Type": "image/svg+xml",
        "Content-Disposition": `attachment; filename="qr-${name}.svg"`,
        "Cache-Control": "no-store",
      },
    });
  });
}
