"""What of a page a browser would run or follow."""

import re
from html.parser import HTMLParser


class Links(HTMLParser):
    """What a browser would run or follow."""

    def __init__(self, page, pictures="png|jpeg|gif|webp"):
        super().__init__()
        self.pictures = pictures
        self.runs = []
        self.links = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        harmful = ("script", "iframe", "object", "embed", "style", "svg", "math", "form", "base")
        self.runs += [tag] if tag in harmful else []
        for name, value in attributes:
            target = re.sub(r"[\t\n\r]", "", value or "").lstrip("".join(map(chr, range(33))))
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.runs.append(name)
            elif name in ("href", "src", "action", "formaction"):
                self.links.append(target)

    @property
    def harmful(self):
        data = rf"data(?!:image/({self.pictures});)"
        scheme = re.compile(f"(javascript|vbscript|{data}):", re.I)
        return [*self.runs, *filter(scheme.match, self.links)]
