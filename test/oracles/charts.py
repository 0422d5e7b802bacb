"""Pictures of src/reports, looked at from outside.

    charts.py FOLDER            every *.svg in FOLDER

1. Each file is parsed by the XML parser of the standard library.
2. Contrast after WCAG 2.1: every text colour on what it stands on >= 4.5,
   every mark on the paper >= 3, in light and dark, from the style in the file.
3. Where chromium is at hand: boxes of all drawn texts as the browser lays them
   out, at the picture's own width: none may overlap, none may leave the picture.

Exits with 1 when something is wrong. Written for Python 3.11, chromium 156.
"""
import html, pathlib, re, shutil, subprocess, sys, tempfile
import xml.etree.ElementTree as ET

SCRIPT = """<script>addEventListener('load', () => { let out = [];
for (const [k, svg] of [...document.querySelectorAll('svg')].entries()) { const page = svg.getBoundingClientRect();
 const all = [...svg.querySelectorAll('text')].map(t => [t.getBoundingClientRect(), t.textContent]).filter(x => x[0].width > 0);
 for (let i = 0; i < all.length; i++) { const a = all[i][0];
  if (a.left < page.left - 1 || a.right > page.right + 1 || a.top < page.top - 1 || a.bottom > page.bottom + 1) out.push(k + ' leaves: ' + all[i][1]);
  for (let j = 0; j < i; j++) { const b = all[j][0];
   if (a.left < b.right - .5 && b.left < a.right - .5 && a.top < b.bottom - .5 && b.top < a.bottom - .5) out.push(k + ' overlap: ' + all[i][1] + ' | ' + all[j][1]); } } }
document.body.innerHTML = '<pre id=out>' + out.join('\\n').replace(/&/g, '&amp;').replace(/</g, '&lt;') + '</pre>'; });</script>"""


def luminance(colour):
    c = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    c = [x / 12.92 if x <= .03928 else ((x + .055) / 1.055) ** 2.4 for x in c]
    return .2126 * c[0] + .7152 * c[1] + .0722 * c[2]


def contrast(a, b):
    a, b = sorted((luminance(a), luminance(b)))
    return (b + .05) / (a + .05)


def rules(style):
    found = {}
    for names, body in re.findall(r'([^{}]+)\{([^{}]*)\}', style):
        colour = re.search(r'(?:fill|stroke):(#[0-9a-f]{6})', body)
        for name in names.split(','):
            if colour:
                found[name.strip()] = colour.group(1)
    return found


def check_style(style):
    light, dark = style.split('@media screen and (prefers-color-scheme:dark){')
    wrong = []
    for scheme, text in (('light', light), ('dark', dark)):
        c = rules(text)
        paper = c['.jr-fpaper']
        pairs = [(n, c[n], paper, 4.5) for n in ('.jr-text', '.jr-muted')]
        pairs += [(f'.jr-t{i}', c[f'.jr-t{i}'], c[f'.jr-h{i}'], 4.5) for i in range(9)]
        pairs += [(n, c[n], paper, 3) for n in c if re.match(r'\.jr-[fs]([0-7]|good|warn|bad|quiet)$', n)]
        for name, a, b, least in pairs:
            if contrast(a, b) < least:
                wrong.append(f'{scheme} {name}: {a} on {b} has {contrast(a, b):.2f}, below {least}')
    return wrong


def main(folder):
    files = sorted(pathlib.Path(folder).glob('*.svg'))
    wrong = []
    for f in files:
        root = ET.fromstring(f.read_text(encoding='utf-8'))
        if root.tag != '{http://www.w3.org/2000/svg}svg':
            wrong.append(f'{f.name}: root is {root.tag}')
    if files:
        wrong += check_style(re.search('<style>(.*?)</style>', files[0].read_text(encoding='utf-8'), re.S).group(1))
    browser = shutil.which('chromium')
    if browser:
        with tempfile.TemporaryDirectory() as d:
            page = pathlib.Path(d) / 'all.html'
            page.write_text('<!doctype html><meta charset=utf-8><body style="margin:0;width:5000px">' +
                            ''.join(f'<div>{f.read_text(encoding="utf-8")}</div>' for f in files) + SCRIPT, encoding='utf-8')
            out = subprocess.run([browser, '--no-sandbox', '--headless=new', '--disable-gpu', '--virtual-time-budget=20000',
                                  f'--user-data-dir={d}/profile', '--dump-dom', page.as_uri()], capture_output=True, text=True, timeout=300).stdout
        seen = re.search('<pre id="out">(.*?)</pre>', out, re.S)
        if not seen:
            wrong.append('chromium gave no answer')
        else:
            wrong += [re.sub(r'^\d+', lambda m: files[int(m.group())].name, x) for x in html.unescape(seen.group(1)).split('\n') if x]
    print(f'{len(files)} pictures, boxes {"measured" if browser else "not measured: no chromium"}, {len(wrong)} faults')
    print('\n'.join(wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
