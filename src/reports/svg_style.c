/*
 * svg_style.c
 *		Colours and lines of all pictures, for light and for dark.
 *
 * R-STY-1	Text has a contrast of at least 4.5 to 1 on what it stands on, and
 *			marks at least 3 to 1 on the paper, in both schemes (WCAG 2.1,
 *			1.4.3 and 1.4.11); test/oracles/charts.py computes it from here.
 * R-STY-2	The colours of series follow Okabe and Ito's set for colour-blind
 *			readers, darker or lighter until R-STY-1 holds; neighbours differ
 *			in lightness too.  No meaning hangs on colour alone.
 * R-STY-3	Dark is for screens only: paper is white.
 * R-STY-4	Plain declarations without variables, so that drawing programs and
 *			converters read them.
 */
#include "svg.h"

#define SHAPES \
	".jr{max-width:100%;height:auto;font-family:system-ui,-apple-system,\"Segoe UI\",Roboto," \
	"\"Helvetica Neue\",Arial,sans-serif}" \
	".jr text{unicode-bidi:plaintext;font-variant-numeric:tabular-nums}" \
	".jr-bold{font-weight:700}" \
	".jr-s0,.jr-s1,.jr-s2,.jr-s3,.jr-s4,.jr-s5,.jr-s6,.jr-s7,.jr-sgood,.jr-swarn,.jr-sbad,.jr-squiet" \
	"{fill:none;stroke-width:2}" \
	".jr-grid,.jr-axis{fill:none;stroke-width:1}.jr-zero{fill:none;stroke-width:1.5}" \
	".jr-thin{stroke-width:1.5}.jr-thick{stroke-width:5}.jr-dash{stroke-dasharray:5 4}" \
	".jr-round{stroke-linecap:round;stroke-linejoin:round}"

#define SERIES(n, colour) \
	".jr-f" n ",.jr-b" n "{fill:" colour "}.jr-s" n "{stroke:" colour "}"

#define STATE(name, colour) \
	".jr-f" name "{fill:" colour "}.jr-s" name "{stroke:" colour "}"

#define SHADE(n, fill, text) \
	".jr-h" n "{fill:" fill "}.jr-t" n "{fill:" text "}"

#define PAPER(paper, text, muted, grid, axis) \
	".jr-fpaper{fill:" paper "}.jr-text{fill:" text "}.jr-muted{fill:" muted "}" \
	".jr-fgrid{fill:" grid "}.jr-grid{stroke:" grid "}.jr-axis{stroke:" axis "}.jr-zero{stroke:" text "}"

#define LIGHT \
	PAPER("#ffffff", "#1c2733", "#53606e", "#dde3e9", "#7c8896") \
	SERIES("0", "#0072b2") SERIES("1", "#d55e00") SERIES("2", "#00805e") SERIES("3", "#a0498a") \
	SERIES("4", "#946600") SERIES("5", "#5f6b78") SERIES("6", "#b3284b") SERIES("7", "#34368f") \
	STATE("good", "#00735a") STATE("warn", "#946600") STATE("bad", "#c03c00") STATE("quiet", "#5f6b78") \
	SHADE("0", "#f1f6fb", "#10202f") SHADE("1", "#dbe9f6", "#10202f") SHADE("2", "#c0d9ef", "#10202f") \
	SHADE("3", "#9bc5e4", "#10202f") SHADE("4", "#6eaed6", "#10202f") SHADE("5", "#4a98c9", "#0a1622") \
	SHADE("6", "#2170b0", "#ffffff") SHADE("7", "#08519c", "#ffffff") SHADE("8", "#08306b", "#ffffff")

#define DARK \
	PAPER("#12171d", "#e8edf2", "#a9b4c0", "#2b343e", "#74808d") \
	SERIES("0", "#56b4e9") SERIES("1", "#f08a4b") SERIES("2", "#2fc79b") SERIES("3", "#e59bcb") \
	SERIES("4", "#e3bd3a") SERIES("5", "#aab4be") SERIES("6", "#ff7f9f") SERIES("7", "#9fa8ff") \
	STATE("good", "#2fc79b") STATE("warn", "#e3bd3a") STATE("bad", "#ff8f66") STATE("quiet", "#aab4be") \
	SHADE("0", "#1a2530", "#e8edf2") SHADE("1", "#1c3347", "#e8edf2") SHADE("2", "#1f4361", "#ffffff") \
	SHADE("3", "#23547d", "#ffffff") SHADE("4", "#29669a", "#ffffff") SHADE("5", "#4c96c8", "#06101a") \
	SHADE("6", "#77b2dd", "#06101a") SHADE("7", "#a5ceec", "#06101a") SHADE("8", "#d4e8fa", "#06101a")

#define PALE ".jr-b0,.jr-b1,.jr-b2,.jr-b3,.jr-b4,.jr-b5,.jr-b6,.jr-b7{fill-opacity:"

const char *
jrn_svg_style(void)
{
	/* R-STY-3 */
	return SHAPES LIGHT PALE ".22}"
		"@media screen and (prefers-color-scheme:dark){" DARK PALE ".3}}";
}
