#!/usr/bin/env python3
"""Looks at pages of journey.report() with Chromium, as a reader would.

usage: check_report.py [--shots FOLDER] [--browser PROGRAM] PAGE.html ...

For each page at a desktop's and a phone's width, in light and in dark, and in
print: nothing is fetched, no script and no dialog runs, no element stands in
the page that a report does not write, the page is not wider than the window,
no two texts of a picture overlap or leave it, none is smaller than 9 pixels,
and text stands out from what is behind it.  One TAP line a page and look;
exit code 1 when one fails.  Python's standard library and the DevTools
protocol over a pipe; no driver.
"""
import argparse
import base64
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOOKS = [("desktop", 1280, 900), ("phone", 360, 780)]
SMALLEST_FONT = 9.0
SMALLEST_CONTRAST = 4.5
ELEMENTS = set("""html head meta title style body main header footer section article nav div span p h1 h2 h3 ul ol li dl dt dd
	table caption thead tbody tr th td strong em code pre small time figure figcaption abbr br a details summary bdi
	svg g defs clippath pattern rect circle ellipse line polyline polygon path text tspan desc use marker lineargradient stop""".split())

# Everything about a page that can be measured, as one JSON text.
MEASURE = r"""
(() => {
	const out = {wide: [], overlaps: [], outside: [], small: [], faint: [], names: [], handlers: [], pictures: 0, texts: 0};
	const folded = [...document.querySelectorAll('details:not([open])')];
	folded.forEach(d => { d.open = true; });
	const root = document.scrollingElement;
	const cut = s => (s || '').replace(/\s+/g, ' ').trim().slice(0, 40);
	out.page = [root.scrollWidth, innerWidth];
	const seen = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility === 'visible'; };
	const names = new Set();
	for (const e of document.querySelectorAll('*')) {
		names.add(e.localName.toLowerCase());
		for (const a of e.attributes)
			if (/^on/i.test(a.name) || (/^(src|href|xlink:href|action|formaction|srcdoc|background)$/i.test(a.name) && !/^#/.test(a.value)))
				out.handlers.push(e.localName + ' ' + a.name);
		const r = e.getBoundingClientRect();
		if (r.width > 1 && r.height > 1 && !e.closest('svg') && (r.right > innerWidth + 0.5 || r.left < -0.5))
			out.wide.push(e.localName + ' ' + cut(e.textContent));
	}
	out.names = [...names];

	/* contrast by WCAG 2 */
	const rgb = s => { const m = s.match(/[\d.]+/g); return m ? m.map(Number) : null; };
	const lum = c => { const f = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
		return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
	const ratio = (a, b) => { const x = lum(a), y = lum(b); return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
	const behind = e => {
		for (let p = e; p; p = p.parentElement) {
			const c = rgb(getComputedStyle(p).backgroundColor);
			if (c && (c.length < 4 || c[3] > 0.99)) return c;
		}
		return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
	};
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n = walker.nextNode(); n; n = walker.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest('svg') || e.closest('style') || !seen(e)) continue;
		const style = getComputedStyle(e);
		const q = ratio(rgb(style.color), behind(e));
		if (q < CONTRAST) out.faint.push(q.toFixed(2) + ' ' + cut(n.data));
		if (parseFloat(style.fontSize) < 11.5) out.small.push(style.fontSize + ' ' + cut(n.data));
	}

	for (const svg of document.querySelectorAll('svg')) {
		if (!seen(svg)) continue;
		out.pictures++;
		const frame = svg.getBoundingClientRect();
		const matrix = svg.getScreenCTM();
		const scale = matrix ? matrix.a : 1;
		const texts = [...svg.querySelectorAll('text')].filter(seen);
		const boxes = texts.map(t => { const r = t.getBoundingClientRect(); const size = parseFloat(getComputedStyle(t).fontSize) * scale;
			/* a line box has room above and below the letters */
			const pad = Math.max(0, (r.height - size) / 2); const upright = r.height < 3 * size;
			return {l: r.left + 0.5, r: r.right - 0.5, t: r.top + (upright ? pad + 0.08 * size : 0.5), b: r.bottom - (upright ? pad + 0.08 * size : 0.5), size, text: cut(t.textContent), e: t}; });
		out.texts += boxes.length;
		for (let i = 0; i < boxes.length; i++) {
			const a = boxes[i];
			if (a.size < FONT) out.small.push(a.size.toFixed(1) + ' ' + a.text);
			if (a.l < frame.left - 1 || a.r > frame.right + 1 || a.t < frame.top - 1 || a.b > frame.bottom + 1)
				out.outside.push(a.text);
			const fill = rgb(getComputedStyle(a.e).fill);
			if (fill && !a.e.closest('.on') && !a.e.hasAttribute('data-on')) {
				const q = ratio(fill, behind(svg.parentElement));
				if (q < CONTRAST) out.faint.push(q.toFixed(2) + ' ' + a.text);
			}
			for (let j = i + 1; j < boxes.length; j++) {
				const b = boxes[j];
				if (Math.min(a.r, b.r) - Math.max(a.l, b.l) > 0 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 0)
					out.overlaps.push(a.text + ' | ' + b.text);
			}
		}
	}
	folded.forEach(d => { d.open = false; });
	out.mark = typeof window.pwned;
	return JSON.stringify(out);
})()
"""


class Browser:
	"""Chromium over --remote-debugging-pipe: JSON messages that end with a NUL."""

	def __init__(self, program):
		self.folder = tempfile.mkdtemp(prefix="journey_browser_")
		to_read, self.send_to = os.pipe()
		self.read_from, to_write = os.pipe()
		# the browser reads file 3 and writes file 4
		command = 'exec 3<&%d 4>&%d; exec "$@"' % (to_read, to_write)
		self.process = subprocess.Popen(
			["bash", "-c", command, "bash", program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
			 "--no-first-run", "--hide-scrollbars", "--user-data-dir=" + self.folder, "--remote-debugging-pipe", "about:blank"],
			pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
		os.close(to_read)
		os.close(to_write)
		self.buffer = b""
		self.number = 0
		self.events = []
		target = self.call("Target.createTarget", url="about:blank")["targetId"]
		self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
		for domain in ("Page", "Network", "Runtime"):
			self.call(domain + ".enable")

	session = None

	def message(self, seconds):
		end = time.time() + seconds
		while b"\0" not in self.buffer:
			ready, _, _ = select.select([self.read_from], [], [], max(0, end - time.time()))
			if not ready:
				raise TimeoutError("no answer from the browser")
			more = os.read(self.read_from, 1 << 20)
			if not more:
				raise EOFError("the browser ended")
			self.buffer += more
		one, self.buffer = self.buffer.split(b"\0", 1)
		return json.loads(one)

	def call(self, method, **params):
		self.number += 1
		request = {"id": self.number, "method": method, "params": params}
		if self.session:
			request["sessionId"] = self.session
		data = json.dumps(request).encode() + b"\0"
		while data:
			data = data[os.write(self.send_to, data):]
		while True:
			answer = self.message(60)
			if answer.get("id") == self.number:
				if "error" in answer:
					raise RuntimeError("%s: %s" % (method, answer["error"]))
				return answer["result"]
			self.keep(answer)

	def keep(self, event):
		self.events.append(event)
		if event.get("method") == "Page.javascriptDialogOpening":
			self.number += 1
			os.write(self.send_to, json.dumps({"id": self.number, "method": "Page.handleJavaScriptDialog", "sessionId": self.session,
				"params": {"accept": False}}).encode() + b"\0")

	def open(self, path):
		self.events = []
		self.call("Page.navigate", url="file://" + path)
		while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
			self.keep(self.message(60))

	def close(self):
		try:
			self.session = None
			self.call("Browser.close")
		except Exception:
			pass
		try:
			self.process.wait(10)
		except subprocess.TimeoutExpired:
			self.process.kill()
		shutil.rmtree(self.folder, ignore_errors=True)


def of_text(page):
	"""What must not stand in the text of a page."""
	wrong = []
	if re.search(r"<script", page, re.I):
		wrong.append("a script element")
	bare = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
	tags = re.findall(r"<[^>]*>", re.sub(r"<!--.*?-->", "", bare, flags=re.S))
	if any(re.search(r"""(https?:|javascript:|data:|//[a-z])""", t, re.I) for t in tags if not t.startswith("<td") and not t.startswith("<meta")):
		wrong.append("an address in a tag")
	if re.search(r"(@import|url\((?!#))", " ".join(re.findall(r"<style.*?</style>", bare, re.S | re.I)), re.I):
		wrong.append("a style that fetches")
	if not re.match(r"<!doctype html>", page, re.I):
		wrong.append("no <!doctype html> at its start")
	if 'name="viewport"' not in page or "Content-Security-Policy" not in page:
		wrong.append("no viewport or no Content-Security-Policy")
	if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", page):
		wrong.append("a control character")
	if re.search(r"\bp = 0(\.0*)?(?![\d.])", page):
		wrong.append("p = 0")
	return wrong


def of_measures(m, events, path):
	"""What is wrong with what the browser saw."""
	wrong = []
	if m["page"][0] > m["page"][1]:
		wrong.append("the page is %d wide in a window of %d" % tuple(m["page"]))
	for what, words in (("wide", "wider than the window"), ("overlaps", "overlap"), ("outside", "outside its picture"), ("small", "too small"),
						("faint", "too faint"), ("handlers", "an attribute that acts")):
		wrong += ["%s: %s" % (words, x) for x in m[what][:8]]
	wrong += ["an element <%s>" % x for x in sorted(set(m["names"]) - ELEMENTS)]
	if m["mark"] != "undefined":
		wrong.append("a script ran")
	for e in events:
		if e.get("method") == "Page.javascriptDialogOpening":
			wrong.append("a dialog opened")
		if e.get("method") == "Network.requestWillBeSent" and e["params"]["request"]["url"] != "file://" + path:
			wrong.append("fetched " + e["params"]["request"]["url"][:80])
	return wrong


def main():
	parser = argparse.ArgumentParser()
	parser.add_argument("--shots")
	parser.add_argument("--browser")
	parser.add_argument("pages", nargs="+")
	args = parser.parse_args()
	program = args.browser or next((p for p in map(shutil.which, BROWSERS) if p), None)
	if program is None:
		print("# no browser among " + ", ".join(BROWSERS))
		return 2
	browser = Browser(program)
	failed = 0
	try:
		for page in args.pages:
			path = os.path.realpath(page)
			name = os.path.splitext(os.path.basename(path))[0]
			with open(path, encoding="utf-8", newline="") as f:
				text_wrong = of_text(f.read())
			looks = [(d, w, h, s, "screen") for d, w, h in LOOKS for s in ("light", "dark")] + [("paper", 720, 1000, "light", "print")]
			for device, width, height, scheme, media in looks:
				browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=device == "phone")
				browser.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
				browser.open(path)
				code = MEASURE.replace("CONTRAST", str(SMALLEST_CONTRAST)).replace("FONT", str(SMALLEST_FONT))
				m = json.loads(browser.call("Runtime.evaluate", expression=code, returnByValue=True)["result"]["value"])
				wrong = text_wrong + of_measures(m, browser.events, path)
				print("%s - %s, %s, %s: %d pictures, %d texts" % ("not ok" if wrong else "ok", name, device, scheme, m["pictures"], m["texts"]))
				for w in wrong:
					print("#   " + w)
				failed += bool(wrong)
				if args.shots:
					os.makedirs(args.shots, exist_ok=True)
					size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
					shot = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
						clip={"x": 0, "y": 0, "width": width, "height": min(size["height"], 12000), "scale": 1})
					with open(os.path.join(args.shots, "%s-%s-%s.png" % (name, device, scheme)), "wb") as f:
						f.write(base64.b64decode(shot["data"]))
	finally:
		browser.close()
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
